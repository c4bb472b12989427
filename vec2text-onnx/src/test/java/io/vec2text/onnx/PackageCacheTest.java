package io.vec2text.onnx;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.common.hash.Hashing;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated // sets a system property
class PackageCacheTest {
  private static final String CONTENT = "graph a";
  private static final Manifest.File FILE = file(CONTENT);

  @TempDir Path root;
  private final AtomicInteger opened = new AtomicInteger();

  private static Manifest.File file(String content) {
    byte[] bytes = content.getBytes(UTF_8);
    return new Manifest.File(Hashing.sha256().hashBytes(bytes).toString(), bytes.length, true);
  }

  private final PackageCache.Source source =
      () -> {
        opened.incrementAndGet();
        return new ByteArrayInputStream(CONTENT.getBytes(UTF_8));
      };

  /** What is in the folder, besides what dies with this process. */
  private List<String> entries() throws IOException {
    try (Stream<Path> files = Files.list(root)) {
      return files.map(f -> f.getFileName().toString()).filter(f -> f.length() > 40).toList();
    }
  }

  private Path unpack() {
    return PackageCache.unpack(root, "a.onnx", FILE, source);
  }

  @Test
  void unpacksOnce() throws IOException {
    Path file = unpack();

    assertThat(unpack()).isEqualTo(file).hasFileName("a.onnx").hasContent(CONTENT);
    assertThat(opened).hasValue(1);
    assertThat(entries()).containsExactly(FILE.sha256() + "-a.onnx");
  }

  @Test
  void onlyTheUserMayEnter() throws IOException {
    assumePosix();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(unpack().getParent())))
        .isEqualTo("rwx------");
  }

  @Test
  void aDamagedFileIsUnpackedAnew() throws IOException {
    Path file = unpack();

    for (String damage : List.of("graph b", "graph", "")) {
      Files.writeString(file, damage);
      assertThat(unpack()).isEqualTo(file).hasContent(CONTENT);
    }
    Files.delete(file);
    assertThat(unpack()).isEqualTo(file).hasContent(CONTENT);
    assertThat(opened).hasValue(5);
    assertThat(entries()).hasSize(1);
  }

  @Test
  void aFileIsHashedAgainOnlyWhenItsTimeOrSizeHasChanged() throws IOException {
    Path file = unpack();
    FileTime verified = Files.getLastModifiedTime(file);

    Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
    assertThat(unpack()).hasContent(CONTENT);
    assertThat(opened).hasValue(1);
    assertThat(Files.getLastModifiedTime(file)).isEqualTo(verified);

    Files.writeString(file, "graph b");
    Files.setLastModifiedTime(file, verified);
    // Nobody but the user can do this; the price of not reading every byte each time.
    assertThat(unpack()).hasContent("graph b");
    Files.writeString(file, "graph bb");
    Files.setLastModifiedTime(file, verified);
    assertThat(unpack()).hasContent(CONTENT);
    assertThat(opened).hasValue(2);
  }

  @Test
  void aLibraryIsUnpackedOnceForOneChecksum() throws IOException {
    ZipEntry entry = new ZipEntry("native/a.so");
    entry.setSize(CONTENT.length() + 1);
    entry.setCrc(0x1234);
    CacheEntry.Writer writer = file -> Files.writeString(file, CONTENT + opened.incrementAndGet());
    String before = System.getProperty(PackageCache.PROPERTY);
    System.setProperty(PackageCache.PROPERTY, root.toString());
    try {
      assertThat(PackageCache.unpack("a.so", entry, writer)).hasContent(CONTENT + 1);
      assertThat(PackageCache.unpack("a.so", entry, writer)).hasContent(CONTENT + 1);
      entry.setCrc(0x1235);
      assertThat(PackageCache.unpack("a.so", entry, writer)).hasContent(CONTENT + 2);
      Path file = PackageCache.unpack("a.so", entry, writer);
      Files.writeString(file, CONTENT + 9);
      assertThat(PackageCache.unpack("a.so", entry, writer))
          .isEqualTo(file)
          .hasContent(CONTENT + 3);
    } finally {
      restore(before);
    }
  }

  @Test
  void whatDoesNotHaveTheRightHashLeavesNothingBehind() throws IOException {
    Manifest.File longer = file("graph aa");
    Manifest.File other = file("graph x");

    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> PackageCache.unpack(root, "a.onnx", longer, source))
        .withMessage("file a.onnx has 7 bytes, expected 8");
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> PackageCache.unpack(root, "a.onnx", other, source))
        .withMessage("file a.onnx has SHA-256 %s, expected %s", FILE.sha256(), other.sha256());
    assertThat(entries()).isEmpty();
    assertThat(ProcessFolder.in(root)).isDirectoryNotContaining("glob:**/unpack*");
  }

  @Test
  void manyThreadsUnpackOneFile() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<Path>> files = new ArrayList<>();
      for (int i = 0; i < 32; i++) {
        String name = "file" + i / 8;
        files.add(threads.submit(() -> PackageCache.unpack(root, name, FILE, source)));
      }
      for (Future<Path> file : files) {
        assertThat(file.get()).hasContent(CONTENT);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(entries()).hasSize(4);
  }

  @Test
  void theSystemPropertyNamesTheFolder() {
    assertThat(unpackUnder(root.resolve("deep/down")))
        .startsWith(root.resolve("deep/down"))
        .exists();
  }

  @Test
  void whereTheFolderCannotBeWrittenATemporaryOneServes() throws IOException {
    Path file = Files.writeString(root.resolve("file"), "");

    for (Path cache : List.of(file, file.resolve("cache"))) {
      Path unpacked = unpackUnder(cache);

      assertThat(unpacked).hasContent(CONTENT);
      assertThat(unpacked.toString()).contains("vec2text").doesNotStartWith(root.toString());
    }
    assertThat(opened).hasValueLessThanOrEqualTo(1);
  }

  @Test
  void aLinkOrAnOpenFolderInPlaceOfAnEntryIsReplaced() throws IOException {
    assumePosix();
    Path entry = unpack().getParent();
    ProcessFolder.deleteRecursively(entry);
    Path elsewhere = Files.createDirectory(root.resolve("elsewhere"));
    Files.writeString(elsewhere.resolve("a.onnx"), CONTENT);
    Files.createSymbolicLink(entry, elsewhere);

    assertThat(unpack().getParent()).isDirectory().isEqualTo(entry);
    assertThat(entry).satisfies(e -> assertThat(Files.isSymbolicLink(e)).isFalse());
    assertThat(elsewhere.resolve("a.onnx")).hasContent(CONTENT);

    Files.setPosixFilePermissions(entry, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(unpack().getParent())))
        .isEqualTo("rwx------");

    Files.move(entry.resolve("a.onnx"), root.resolve("other"));
    Files.createSymbolicLink(entry.resolve("a.onnx"), root.resolve("other"));
    assertThat(Files.isSymbolicLink(unpack())).isFalse();
  }

  @Test
  void aFolderThatOthersCanChangeIsNotUsed() throws IOException {
    assumePosix();
    Path open = Files.createDirectory(root.resolve("open"));
    Path inside = Files.createDirectory(open.resolve("inside"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));

    assertThat(unpackUnder(open)).hasContent(CONTENT).satisfies(f -> assertOutside(f, open));
    assertThat(unpackUnder(inside)).satisfies(f -> assertOutside(f, open));
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> ProcessFolder.create(inside, "natives"))
        .withMessage(open.toRealPath() + " can be changed by others");
    assertThat(inside).isEmptyDirectory();
    // With the sticky bit, as a temporary folder has it, what one has made stays one's own.
    Files.setAttribute(open, "unix:mode", 0_1777);
    assertThat(unpackUnder(inside)).startsWith(inside.toRealPath());
  }

  private static void assertOutside(Path file, Path folder) {
    assertThat(file.toString()).contains("vec2text").doesNotStartWith(folder.toString());
  }

  private static void assumePosix() {
    Assumptions.assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("unix"));
  }

  @Test
  void newFoldersAreForTheUserAlone() throws IOException {
    assumePosix();
    Path cache = root.resolve("deep/down");
    assertThat(unpackUnder(cache)).exists();
    for (Path folder : List.of(root.resolve("deep"), cache)) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
          .isEqualTo("rwx------");
    }
  }

  private Path unpackUnder(Path cache) {
    String before = System.getProperty(PackageCache.PROPERTY);
    System.setProperty(PackageCache.PROPERTY, cache.toString());
    try {
      return PackageCache.unpack("a.onnx", FILE, source);
    } finally {
      restore(before);
    }
  }

  private static void restore(@Nullable String cache) {
    if (cache == null) {
      System.clearProperty(PackageCache.PROPERTY);
    } else {
      System.setProperty(PackageCache.PROPERTY, cache);
    }
  }
}
