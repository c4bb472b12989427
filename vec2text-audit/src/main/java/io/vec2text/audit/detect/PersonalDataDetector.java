package io.vec2text.audit.detect;

import java.util.List;

/**
 * Finds kinds of data in texts. Implementations named in {@code
 * META-INF/services/io.vec2text.audit.detect.PersonalDataDetector} are found by {@link
 * java.util.ServiceLoader}; they need a public constructor without parameters.
 *
 * <p>A text may be in an embedder's normal form: lower case, without accents, and with spaces
 * around punctuation, as in {@code john . smith @ example . com}. An implementation serves many
 * threads at once, and must not log or keep texts: they are somebody's secrets.
 */
public interface PersonalDataDetector {

  /** The kinds that it finds. */
  List<DataType> types();

  /**
   * Finds values.
   *
   * @param text a text of any length
   * @return places in this very text; they may overlap
   */
  List<Detection> detect(String text);
}
