package io.vec2text.lm.server;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.base.Ascii;

/** How a server wants to be asked. */
public enum ServerStyle {
  /** As the list of models says, else {@link #OPENAI}. */
  AUTO("auto"),
  /** {@code /completion} with {@code n_probs}, the chat in OpenAI's way; answers have token ids. */
  LLAMA_CPP("llama.cpp"),
  /** OpenAI's with {@code logprob_token_ids}; answers have token ids. */
  VLLM("vllm"),
  /** OpenAI's completions and chat completions; answers have the tokens' texts. */
  OPENAI("openai");

  private final String label;

  ServerStyle(String label) {
    this.label = label;
  }

  /**
   * The style of a name: auto, llama.cpp, vllm or openai.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static ServerStyle of(String name) {
    String lower = Ascii.toLowerCase(name);
    for (ServerStyle style : values()) {
      if (style.label.equals(lower)) {
        return style;
      }
    }
    checkArgument(false, "the style is %s, expected auto, llama.cpp, vllm or openai", name);
    return AUTO;
  }

  /** Its name. */
  @Override
  public String toString() {
    return label;
  }
}
