package io.vec2text.eval.internal.runner;

import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.Ints;
import io.vec2text.InversionResult;
import io.vec2text.Tokenization;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The tokens of a text, named as in {@link InversionResult.WordProbability#word}. */
public final class WordPieces {
  private static final String CONTINUATION = "##";

  private WordPieces() {}

  /** The names of the tokens of a text. */
  public static Set<String> of(String text, Tokenization tokenization) {
    List<Integer> ids =
        ImmutableSet.copyOf(Ints.asList(tokenization.encode(List.of(text)).get(0))).asList();
    List<String> spelled = new ArrayList<>();
    for (int id : ids) {
      spelled.add(tokenization.decode(new int[] {id}).strip());
    }
    List<int[]> again = tokenization.encode(spelled);
    ImmutableSet.Builder<String> names = ImmutableSet.builder();
    for (int i = 0; i < ids.size(); i++) {
      String name = spelled.get(i);
      // Some decoders show a continuation by itself without its mark: then it is another token as a
      // word of its own.
      boolean word = again.get(i).length == 1 && again.get(i)[0] == ids.get(i);
      names.add(word || name.startsWith(CONTINUATION) ? name : CONTINUATION + name);
    }
    return names.build();
  }
}
