package io.vec2text.sources.store;

import com.google.common.primitives.Ints;
import io.vec2text.sources.Row;
import io.vec2text.sources.VectorReader;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Reads a store page by page, of which it holds one. */
final class PagedReader implements VectorReader {
  private final String name;
  private final Pages pages;

  /** The token of the page that is held. */
  private Optional<String> token;

  private Pages.Page page;
  private int index;
  private long read;
  private final boolean fromStart;

  private PagedReader(
      String name, Pages pages, Optional<String> token, Pages.Page page, boolean fromStart) {
    this.name = name;
    this.pages = pages;
    this.token = token;
    this.page = page;
    this.fromStart = fromStart;
  }

  /**
   * Opens a reader, and reads its first page.
   *
   * @param pages closed with the reader, or if this fails
   * @param cursor where to begin
   * @throws StoreException if there are no rows, or the cursor is none
   */
  static PagedReader open(String name, Pages pages, Optional<String> cursor) throws IOException {
    boolean opened = false;
    try {
      Optional<String> token = Optional.empty();
      int skipped = 0;
      if (cursor.isPresent()) {
        int colon = cursor.get().indexOf(':');
        Integer rows = colon < 0 ? null : Ints.tryParse(cursor.get().substring(0, colon));
        if (rows == null || rows < 0) {
          throw new StoreException(name, "can't go on at what is no cursor of its reader");
        }
        skipped = rows;
        token = Optional.of(cursor.get().substring(colon + 1)).filter(t -> !t.isEmpty());
      }
      Pages.Page page = pages.read(token);
      if (cursor.isEmpty() && page.rows().isEmpty() && page.next().isEmpty()) {
        throw new StoreException(name, "is empty, expected records with vectors");
      }
      PagedReader reader = new PagedReader(name, pages, token, page, cursor.isEmpty());
      reader.index = Math.min(skipped, page.rows().size());
      opened = true;
      return reader;
    } finally {
      if (!opened) {
        pages.close();
      }
    }
  }

  @Override
  public OptionalLong rows() {
    return pages.count();
  }

  @Override
  public String description() {
    return pages.description();
  }

  @Override
  public @Nullable Row next() throws IOException {
    while (index == page.rows().size()) {
      Optional<String> next = page.next();
      if (next.isEmpty()) {
        checkComplete();
        return null;
      }
      if (next.equals(token)) {
        throw new StoreException(name, "gave the same page twice after " + read + " records");
      }
      page = pages.read(next);
      token = next;
      index = 0;
    }
    read++;
    return page.rows().get(index++);
  }

  private void checkComplete() throws StoreException {
    long expected = pages.countIsExact() && fromStart ? pages.count().orElse(0) : 0;
    if (read < expected) {
      throw new StoreException(
          name,
          "gave "
              + read
              + " of "
              + expected
              + " records: were some removed meanwhile, or is the field of the ids not unique?");
    }
  }

  @Override
  public Optional<String> cursor() {
    return index == 0 && token.isEmpty()
        ? Optional.empty()
        : Optional.of(index + ":" + token.orElse(""));
  }

  @Override
  public void close() throws IOException {
    pages.close();
  }
}
