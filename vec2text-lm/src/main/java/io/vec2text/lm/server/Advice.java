package io.vec2text.lm.server;

import com.google.common.collect.ImmutableList;

/** What the owner of a server could do, in plain words. */
final class Advice {
  private static final int COARSE = 2;

  private Advice() {}

  static ImmutableList<String> on(Capabilities shown, ServerStyle style, boolean declared) {
    ImmutableList.Builder<String> advice = ImmutableList.builder();
    if (shown.topTokens() == 0 && shown.methods().isEmpty()) {
      advice.add("Leave it so: neither log-probabilities nor the effect of a logit bias is seen.");
      return advice.add(answers()).build();
    }
    if (shown.methods().contains(ServerMethod.WHOLE)) {
      advice.add(
          "Do not show log-probabilities of all tokens: strip "
              + (style == ServerStyle.LLAMA_CPP
                  ? "n_probs, logprobs and top_logprobs"
                  : "logprobs and top_logprobs")
              + " from requests in front of the server, or limit them. One answer is enough for the"
              + " state that the hidden prompt left in the model.");
    }
    if (shown.methods().contains(ServerMethod.CHOSEN_IDS)) {
      advice.add(
          "Refuse logprob_token_ids: with them a caller collects all tokens in few calls, whatever"
              + " the limit of logprobs is.");
    }
    if (shown.bias() == Capabilities.Bias.SHOWN) {
      advice.add(
          "Do not allow logit_bias together with logprobs, or show log-probabilities from before"
              + " the bias: together they show every token's.");
    }
    if (shown.methods().contains(ServerMethod.FORCED_TOKEN)) {
      advice.add(
          "Do not show the log-probability of the answer's token where a logit_bias was given: the"
              + " bias makes any token the answer.");
    }
    if (shown.methods().contains(ServerMethod.BISECTION)) {
      advice.add(
          "Limit the number of requests after the same prompt, or the size of logit_bias: answers"
              + " alone show how far a token is from the best, by some twenty calls a token.");
    }
    if (shown.topTokens() > 0
        && (shown.decimals().isEmpty() || shown.decimals().getAsInt() > COARSE)) {
      advice.add(
          "If log-probabilities must be shown: few tokens, rounded to "
              + COARSE
              + " decimals. That makes more calls necessary; it does not hide the prompt by"
              + " itself.");
    }
    if (declared) {
      advice.add("Do not publish the model's sizes in the list of models.");
    }
    return advice.add(answers()).build();
  }

  private static String answers() {
    return "Put nothing into a system prompt that a caller must not know: answers alone give much"
        + " of it away.";
  }
}
