/**
 * Language models as oracles: hidden prompts from next-token distributions.
 *
 * <p>{@link io.vec2text.lm.CausalModel} runs a language model, {@link
 * io.vec2text.lm.NextTokenDistribution} is what somebody observed of one, {@link
 * io.vec2text.lm.StateRecovery} finds the state behind it, and {@link
 * io.vec2text.lm.PromptEmbedder} makes an {@link io.vec2text.Embedder} of the model, so that all
 * that finds texts behind vectors finds prompts behind distributions.
 */
@NullMarked
package io.vec2text.lm;

import org.jspecify.annotations.NullMarked;
