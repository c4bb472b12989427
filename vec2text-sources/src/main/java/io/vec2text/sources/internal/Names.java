package io.vec2text.sources.internal;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** What the names of fields, columns and arrays say about their contents. */
public final class Names {
  /** Names of ids, the surest first. */
  private static final List<String> IDS =
      List.of(
          "custom_id",
          "id",
          "_id",
          "ids",
          "uuid",
          "guid",
          "point_id",
          "pointid",
          "doc_id",
          "docid",
          "document_id",
          "documentid",
          "chunk_id",
          "chunkid",
          "text_id",
          "record_id",
          "row_id",
          "item_id",
          "entity_id",
          "object_id",
          "vector_id",
          "primary_key",
          "pk",
          "key",
          "_key",
          "keys",
          "uri",
          "url",
          "name",
          "word",
          "token",
          "unnamed: 0",
          "index",
          "label");

  private static final Pattern VECTOR =
      Pattern.compile("(?i).*(vec|emb|dense|values|feature).*|v|data|x");

  private Names() {}

  /** How surely a name is that of an id; 0 is surest, and −1 is no such name. */
  public static int idRank(String name) {
    int rank = IDS.indexOf(name.toLowerCase(Locale.ROOT));
    if (rank >= 0) {
      return rank;
    }
    return name.endsWith("_id") || name.endsWith("Id") || name.endsWith("ID") ? IDS.size() : -1;
  }

  /** Whether a name says plainly that it is an id, whatever else is known. */
  public static boolean isSureId(String name) {
    int rank = idRank(name);
    return rank >= 0 && rank < IDS.indexOf("uri");
  }

  /** The surest name of ids. */
  public static Optional<String> id(List<String> names) {
    return names.stream()
        .filter(n -> idRank(n) >= 0)
        .min((a, b) -> Integer.compare(idRank(a), idRank(b)));
  }

  /** Whether a name is one that vectors usually have. */
  public static boolean isVector(String name) {
    return VECTOR.matcher(name).matches();
  }

  /** The only name that vectors usually have. */
  public static Optional<String> usual(List<String> names) {
    List<String> usual = names.stream().filter(Names::isVector).toList();
    return usual.size() == 1 ? Optional.of(usual.get(0)) : Optional.empty();
  }
}
