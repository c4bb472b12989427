package io.vec2text.lm.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** vLLM: OpenAI's requests, with log-probabilities of chosen tokens, and ids in the answers. */
record VllmStyle(OpenAiStyle openAi) implements Style {
  @Override
  public String path() {
    return openAi.path();
  }

  @Override
  public ObjectNode body(Question question) {
    ObjectNode body = openAi.body(question);
    body.put("return_tokens_as_token_ids", true).put("return_token_ids", true);
    if (!question.ids().isEmpty()) {
      ArrayNode ids = body.putArray("logprob_token_ids");
      question.ids().forEach(ids::add);
    }
    return body;
  }

  @Override
  public boolean takesIds() {
    return true;
  }
}
