package io.vec2text.sources.store;

import io.vec2text.sources.internal.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/** Chooses one of the fields of a collection that hold vectors. */
final class VectorFields {
  private VectorFields() {}

  /**
   * The field to read: the one that is named, or the only one that fits.
   *
   * @param name the store's name
   * @param fields the fields with their dimensions, where those are known
   * @throws StoreException if it is not there, or several may be it
   */
  static String choose(String name, Map<String, OptionalInt> fields, StoreOptions options)
      throws StoreException {
    Optional<String> wanted = options.reading().vectorField();
    if (fields.isEmpty()) {
      throw new StoreException(name, "has no field with vectors of numbers, expected one");
    }
    if (wanted.isPresent()) {
      if (!fields.containsKey(wanted.get())) {
        throw new StoreException(
            name, "has no vectors " + wanted.get() + ", it has " + list(fields));
      }
      return wanted.get();
    }
    OptionalInt dimension = options.reading().dimension();
    List<String> fitting = new ArrayList<>();
    fields.forEach(
        (field, size) -> {
          if (dimension.isEmpty() || size.isEmpty() || size.equals(dimension)) {
            fitting.add(field);
          }
        });
    if (fitting.isEmpty() && fields.size() == 1) {
      return fields.keySet().iterator().next(); // whose dimension somebody else will complain of
    }
    if (fitting.size() == 1) {
      return fitting.get(0);
    }
    return Names.usual(fitting)
        .orElseThrow(
            () ->
                new StoreException(
                    name,
                    "has several fields with vectors: "
                        + list(fields)
                        + "; name one (--vector FIELD)"));
  }

  private static String list(Map<String, OptionalInt> fields) {
    return fields.entrySet().stream()
        .limit(10)
        .map(
            field ->
                field.getKey()
                    + (field.getValue().isPresent()
                        ? " of dimension " + field.getValue().getAsInt()
                        : ""))
        .collect(Collectors.joining(", "));
  }
}
