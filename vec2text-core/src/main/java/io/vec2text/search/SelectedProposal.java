package io.vec2text.search;

/**
 * A candidate that was chosen to be embedded.
 *
 * @param target whose candidate it is
 * @param proposal what was proposed
 * @param text its text
 * @param form the text's normal form
 */
record SelectedProposal(Target target, Proposal proposal, String text, String form) {}
