/**
 * What tests of embedders, inverters and correctors share: {@link io.vec2text.testing.ToyEmbedder}
 * and {@link io.vec2text.testing.ToyCorrector}, which need no model and no time, and the contract
 * tests that every implementation extends: {@link io.vec2text.testing.EmbedderContract}, {@link
 * io.vec2text.testing.InverterContract} and {@link io.vec2text.testing.CorrectorContract}; and
 * {@link io.vec2text.testing.Fuzzer}, which every parser is to meet.
 */
@NullMarked
package io.vec2text.testing;

import org.jspecify.annotations.NullMarked;
