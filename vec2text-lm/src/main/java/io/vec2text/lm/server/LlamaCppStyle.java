package io.vec2text.lm.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * llama.cpp's {@code /completion}: any number of the most probable tokens, as the model has them
 * before bias, temperature and the like. Its chat is asked in OpenAI's way.
 */
record LlamaCppStyle() implements Style {
  @Override
  public String path() {
    return "/completion";
  }

  @Override
  public ObjectNode body(Question question) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("prompt", question.prompt()).put("n_predict", 1).put("temperature", 0);
    // A prompt that is in the server's cache is computed in other batches, with other rounding.
    body.put("cache_prompt", false).put("return_tokens", true);
    if (question.top() > 0) {
      body.put("n_probs", question.top()).put("post_sampling_probs", false);
    }
    if (!question.bias().isEmpty()) {
      ArrayNode bias = body.putArray("logit_bias");
      question.bias().forEach((token, x) -> bias.addArray().add(token).add(x));
    }
    return body;
  }
}
