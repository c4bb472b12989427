package io.vec2text.openai;

/**
 * What an embedder has used since it was opened.
 *
 * @param requests requests sent, repeated ones included
 * @param texts texts that were sent and whose vectors came back
 * @param tokens tokens billed: those that the endpoint stated; as many as {@link
 *     OpenAiEmbedderBuilder#tokenCounter} allows where it stated none, or where its answer was lost
 *     and it is not known whether it was billed
 * @param money what the tokens cost, in the currency of the price
 * @param cacheHits texts that were found in the cache
 */
public record Usage(long requests, long texts, long tokens, double money, long cacheHits) {}
