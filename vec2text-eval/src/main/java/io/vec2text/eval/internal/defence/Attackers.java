package io.vec2text.eval.internal.defence;

import io.vec2text.Embedder;
import io.vec2text.Inverter;
import io.vec2text.eval.internal.setup.VectorMatrix;
import java.util.List;
import java.util.function.Function;

/**
 * Inverters that read of each vector only what a defended store keeps of it. The inverter that they
 * use is not closed with them.
 */
public final class Attackers {
  private Attackers() {}

  /**
   * One who knows of no defence, and takes stored vectors as they are, with zeros for what is
   * missing.
   *
   * @param stored vectors of length 1 that the store was fitted to
   * @param key the store's secret, or seed
   */
  public static Inverter naive(Inverter inverter, Defence defence, List<float[]> stored, long key) {
    Transform transform = defence.fit(VectorMatrix.of(stored), key);
    return new Attacker(inverter, transform, Attack.naive(inverter.space().dimension()));
  }

  /**
   * One who knows the defence, but not its key, and some vectors of length 1 besides what the store
   * made of them. Does the same to the vectors of guesses if that takes neither secret nor chance.
   *
   * @param inverters makes inverters, given the embedder that they compare guesses by
   * @param embedder the embedder of their space
   * @param known the known vectors, to which the store was fitted
   * @param key the store's secret, or seed
   */
  public static Inverter informed(
      Function<Embedder, Inverter> inverters,
      Embedder embedder,
      Defence defence,
      List<float[]> known,
      long key) {
    Transform transform = defence.fit(VectorMatrix.of(known), key);
    KnownPairs pairs = KnownPairs.of(known, transform);
    Attack attack = defence.attack(pairs);
    Embedder oracle =
        defence.repeatable() ? new DefendedEmbedder(embedder, transform, attack) : embedder;
    return new Attacker(inverters.apply(oracle), transform, attack);
  }
}
