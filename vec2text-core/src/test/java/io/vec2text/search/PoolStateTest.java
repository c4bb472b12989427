package io.vec2text.search;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ListMultimap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PoolStateTest {
  private record Source(double share) implements Proposer {
    @Override
    public ListMultimap<Target, Proposal> propose(List<Target> targets, PoolRounds rounds) {
      return Proposer.proposals();
    }
  }

  private final Proposer large = new Source(3);
  private final Proposer small = new Source(1);
  private final PoolState state = new PoolState();
  private final Set<String> seen = new HashSet<>();

  private static List<Proposal> texts(String prefix, int n) {
    return IntStream.range(0, n).mapToObj(i -> Proposal.of(Origin.CORRECTION, prefix + i)).toList();
  }

  @SuppressWarnings("NullAway") // proposals that belong to no target
  private List<String> select(int limit) {
    return state
        .select(
            limit,
            p -> {
              String text = p.text(null);
              return seen.add(text) ? new SelectedProposal(null, p, text, text) : null;
            })
        .stream()
        .map(SelectedProposal::text)
        .toList();
  }

  private static long count(List<String> texts, String prefix) {
    return texts.stream().filter(t -> t.startsWith(prefix)).count();
  }

  @Test
  void embeddingsAreSharedOutInProportion() {
    state.offer(large, texts("large", 20));
    state.offer(small, texts("small", 20));
    List<String> drawn = select(12);
    assertThat(count(drawn, "large")).isEqualTo(9);
    assertThat(count(drawn, "small")).isEqualTo(3);
    assertThat(drawn).contains("large0", "small0");
  }

  @Test
  void whatOneDoesNotUseTheOthersGet() {
    state.offer(large, texts("large", 2));
    state.offer(small, texts("small", 20));
    assertThat(select(12)).hasSize(12).contains("large0", "large1", "small9");
  }

  @Test
  void textsThatAreNotNewCostNothing() {
    seen.addAll(List.of("large0", "large1", "large2"));
    state.offer(large, texts("large", 9));
    state.offer(small, texts("small", 9));
    assertThat(count(select(8), "large")).isEqualTo(6);
  }

  @Test
  void proposalsThatMissedOutComeAfterNewOnes() {
    state.offer(large, texts("old", 5));
    assertThat(select(2)).containsExactly("old0", "old1");
    state.offer(small, texts("new", 2));
    assertThat(select(4)).containsExactly("new0", "new1", "old2", "old3");
  }

  @Test
  void roundsWithoutBidsAreCounted() {
    assertThat(select(4)).isEmpty();
    assertThat(select(4)).isEmpty();
    assertThat(state.idleRounds()).isEqualTo(2);
    state.offer(small, texts("a", 1));
    assertThat(select(4)).hasSize(1);
    assertThat(state.idleRounds()).isZero();
  }
}
