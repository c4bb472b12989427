package io.vec2text.sources.store;

import static io.vec2text.sources.store.VectorSourceContract.saysOneLine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Credentials, and locations that must not have any. */
final class CredentialsTest {
  @TempDir private Path folder;

  @Test
  void comeFromAFileForItsOwnerAlone() throws Exception {
    Path file = Files.writeString(folder.resolve("key"), "s3cret\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    Credentials credentials = Credentials.ofFile(file).user("reader");
    assertThat(credentials.secret()).contains("s3cret");
    assertThat(credentials.user()).contains("reader");
    assertThat(credentials.toString()).doesNotContain("s3cret").contains("key");
    assertThat(credentials.redact("bad key s3cret")).isEqualTo("bad key ***");
    for (String others : List.of("rw-r-----", "rw----r--", "rw-rw-rw-")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(others));
      saysOneLine(() -> Credentials.ofFile(file), "can be read by others", "chmod 600");
    }
    assertThatThrownBy(() -> Credentials.ofFile(folder.resolve("none")))
        .isInstanceOf(NoSuchFileException.class);
    Path empty = Files.writeString(folder.resolve("empty"), "\n");
    Files.setPosixFilePermissions(empty, PosixFilePermissions.fromString("rw-------"));
    saysOneLine(() -> Credentials.ofFile(empty), "is empty");
  }

  @Test
  void comeFromTheEnvironment() throws Exception {
    assertThat(Credentials.ofVariable("KEY", name -> " s3cret ").secret()).contains("s3cret");
    saysOneLine(() -> Credentials.ofVariable("KEY", name -> null), "variable KEY", "is not set");
    saysOneLine(() -> Credentials.ofVariable("KEY", name -> "  "), "variable KEY", "is not set");
    saysOneLine(
        () -> Credentials.ofVariable("KEY", name -> "s3cret\u00E9").headerSecret(),
        "variable KEY",
        "visible ASCII");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://reader:s3cret@host/db",
        "jdbc:postgresql://host/db?user=a&password=s3cret",
        "jdbc:sqlserver://host;user=a;password=s3cret;encrypt=true",
        "jdbc:oracle:thin:scott/s3cret@host:1521/db",
        "jdbc:oracle:thin:scott/s3cret@//host:1521/db",
        "qdrant+https://host/c?api-key=s3cret",
        "chroma+https://host/c?TOKEN=s3cret",
        "qdrant+https://:s3cret@host/c"
      })
  void areRefusedInLocations(String location) {
    saysOneLine(
        () -> Stores.source(location, StoreOptions.defaults()), "holds a password or a key");
    assertThat(Stores.name(location)).doesNotContain("s3cret");
  }

  @ParameterizedTest
  @CsvSource({
    "jdbc:oracle:thin:@host:1521:db, jdbc:oracle:thin:@host:1521:db",
    "jdbc:oracle:thin:@//host:1521/db, jdbc:oracle:thin:@//host:1521/db",
    "jdbc:postgresql://host/db?sslmode=verify-full, jdbc:postgresql://host/db",
    "jdbc:sqlite:/data/me@home/v.db, jdbc:sqlite:/data/me@home/v.db",
    "jdbc:sqlserver://host;encrypt=true, jdbc:sqlserver://host"
  })
  void locationsWithoutThemAreTaken(String location, String name) throws Exception {
    assertThat(Stores.source(location, StoreOptions.builder().table("t").build()).name())
        .isEqualTo(name);
  }

  @Test
  void locationsAreToldFromFiles() {
    for (String location :
        List.of(
            "jdbc:h2:mem:x",
            "qdrant+http://localhost:6333/c",
            "QDRANT+HTTPS://localhost/c",
            "other+https://host/c")) {
      assertThat(Stores.isLocation(location)).as(location).isTrue();
    }
    for (String file : List.of("v.npy", "-", "a+b.json", "http:/x", "./jdbc:x", "C:\\v.npy")) {
      assertThat(Stores.isLocation(file)).as(file).isFalse();
    }
  }

  @Test
  void aPathBeforeTheCollectionStays() throws Exception {
    Location location = Location.parse("qdrant+https://host:1/a/b/my%20c%2Fd/?x=1%262&y");
    assertThat(location.base()).hasToString("https://host:1/a/b");
    assertThat(location.collection()).isEqualTo("my c/d");
    assertThat(location.parameter("x", "")).isEqualTo("1&2");
    assertThat(location.name()).isEqualTo("qdrant+https://host:1/a/b/my%20c%2Fd/");
    saysOneLine(() -> Location.parse("qdrant+https:///c"), "names no host");
    saysOneLine(
        () -> Location.parse("qdrant+https://h").requireCollection("collection"),
        "names no collection");
  }
}
