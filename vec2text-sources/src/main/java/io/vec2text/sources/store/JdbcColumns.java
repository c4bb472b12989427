package io.vec2text.sources.store;

import io.vec2text.sources.internal.Names;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The columns of a result that are read, by their names there.
 *
 * @param vector holds the vectors
 * @param id holds the ids, if one does
 * @param metadata come along, by the names that they were asked for
 */
record JdbcColumns(String vector, Optional<String> id, Map<String, String> metadata) {

  private record Column(String name, String typeName, int type) {
    /** How surely it holds vectors; 0 is not at all. */
    int rank() {
      String kind = typeName.toLowerCase(Locale.ROOT);
      if (kind.contains("vector") || kind.contains("halfvec")) {
        return kind.contains("tsvector") ? 0 : 3;
      }
      boolean array = type == Types.ARRAY || kind.matches(".*\\[\\d*]") || kind.endsWith(" array");
      if (array) {
        return kind.matches(".*(float|real|double|numeric|decimal).*") || Names.isVector(name)
            ? 2
            : 0;
      }
      boolean scalar =
          switch (type) {
            case Types.BIT,
                Types.BOOLEAN,
                Types.TINYINT,
                Types.SMALLINT,
                Types.INTEGER,
                Types.BIGINT,
                Types.FLOAT,
                Types.REAL,
                Types.DOUBLE,
                Types.NUMERIC,
                Types.DECIMAL,
                Types.DATE,
                Types.TIME,
                Types.TIMESTAMP,
                Types.TIMESTAMP_WITH_TIMEZONE ->
                true;
            default -> false;
          };
      return !scalar && Names.isVector(name) ? 1 : 0;
    }

    @Override
    public String toString() {
      return name + " " + typeName.toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Finds the columns, where they are not named.
   *
   * @param key the primary key; empty if it is not known or of several columns
   * @param where what has the columns, for messages
   * @throws StoreException if a column that is named is not there, or none or several may be it
   */
  static JdbcColumns find(
      ResultSetMetaData result,
      Optional<String> key,
      String name,
      String where,
      StoreOptions options)
      throws SQLException, StoreException {
    List<Column> columns = new ArrayList<>();
    for (int i = 1; i <= result.getColumnCount(); i++) {
      columns.add(
          new Column(
              result.getColumnLabel(i), result.getColumnTypeName(i), result.getColumnType(i)));
    }
    Map<String, String> metadata = new LinkedHashMap<>();
    for (String field : options.metadata()) {
      metadata.put(field, named(columns, field, name, where));
    }
    String vector =
        options.reading().vectorField().isPresent()
            ? named(columns, options.reading().vectorField().get(), name, where)
            : vector(columns, name, where);
    Optional<String> id =
        options.reading().idField().isPresent()
            ? Optional.of(named(columns, options.reading().idField().get(), name, where))
            : key.or(
                () ->
                    Names.id(
                        columns.stream()
                            .map(Column::name)
                            .filter(column -> !column.equals(vector))
                            .toList()));
    return new JdbcColumns(vector, id, metadata);
  }

  private static String named(List<Column> columns, String wanted, String name, String where)
      throws StoreException {
    return columns.stream()
        .map(Column::name)
        .filter(wanted::equals)
        .findFirst()
        .or(
            () ->
                columns.stream()
                    .map(Column::name)
                    .filter(column -> column.equalsIgnoreCase(wanted))
                    .findFirst())
        .orElseThrow(
            () ->
                new StoreException(
                    name, where + " has no column " + wanted + ", it has " + list(columns)));
  }

  private static String vector(List<Column> columns, String name, String where)
      throws StoreException {
    int best = columns.stream().mapToInt(Column::rank).max().orElse(0);
    List<Column> candidates =
        columns.stream().filter(column -> best > 0 && column.rank() == best).toList();
    if (candidates.size() == 1) {
      return candidates.get(0).name();
    }
    Optional<String> usual = Names.usual(candidates.stream().map(Column::name).toList());
    if (usual.isPresent()) {
      return usual.get();
    }
    throw new StoreException(
        name,
        candidates.isEmpty()
            ? where
                + " has no column that seems to hold vectors, it has "
                + list(columns)
                + "; name it (--vector COLUMN)"
            : where
                + " has several columns with vectors: "
                + list(candidates)
                + "; name one (--vector COLUMN)");
  }

  private static String list(List<Column> columns) {
    return columns.stream().map(Column::toString).limit(12).collect(Collectors.joining(", "))
        + (columns.size() > 12 ? ", …" : "");
  }

  /** What was chosen. */
  String description() {
    return "vectors from column `"
        + vector
        + "`"
        + id.map(column -> ", ids from `" + column + "`").orElse("");
  }
}
