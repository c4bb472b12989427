package io.vec2text.lm.server;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * OpenAI's completions ({@code /v1/completions}) or chat completions ({@code
 * /v1/chat/completions}): the most probable tokens, and a logit bias.
 *
 * @param model the model's name; empty to name none
 * @param chat whether the prompt is the message of a user
 * @param limit the name of the parameter that limits the answer to one token
 */
record OpenAiStyle(String model, boolean chat, String limit) implements Style {
  /** What most servers know. */
  static final String MAX_TOKENS = "max_tokens";

  /** What OpenAI's newer models ask for. */
  static final String MAX_COMPLETION_TOKENS = "max_completion_tokens";

  @Override
  public String path() {
    return chat ? "/v1/chat/completions" : "/v1/completions";
  }

  /**
   * What to ask instead of what was refused: OpenAI's newer models know only the other name of the
   * limit.
   *
   * @throws ServerException the refusal, if it has another reason
   */
  OpenAiStyle otherLimit(ServerException refusal) {
    if (!limit.equals(MAX_TOKENS)
        || !String.valueOf(refusal.getMessage()).contains(MAX_COMPLETION_TOKENS)) {
      throw refusal;
    }
    return new OpenAiStyle(model, chat, MAX_COMPLETION_TOKENS);
  }

  /** Asks for an answer of some tokens. */
  ObjectNode body(String prompt, int maxTokens) {
    return body(Question.top(prompt, 0)).put(limit, maxTokens);
  }

  @Override
  public ObjectNode body(Question question) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    if (!model.isEmpty()) {
      body.put("model", model);
    }
    if (chat) {
      body.putArray("messages").addObject().put("role", "user").put("content", question.prompt());
    } else {
      body.put("prompt", question.prompt());
    }
    body.put(limit, 1).put("temperature", 0);
    if (question.top() > 0 && chat) {
      body.put("logprobs", true).put("top_logprobs", question.top());
    } else if (question.top() > 0) {
      body.put("logprobs", question.top());
    }
    if (!question.bias().isEmpty()) {
      ObjectNode bias = body.putObject("logit_bias");
      question.bias().forEach((token, x) -> bias.put(String.valueOf(token), x));
    }
    return body;
  }
}
