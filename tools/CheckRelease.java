import java.io.IOException;
import java.io.InputStream;
import java.lang.module.FindException;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * Checks what one Maven module is about to publish; the profile {@code release} runs it. Prints a
 * line for each fault and fails if there is one.
 *
 * <pre>java tools/CheckRelease.java DIRECTORY FINAL_NAME PACKAGING MODULE_NAME UNSIGNED CLASS_PATH
 * </pre>
 *
 * <p>UNSIGNED is true if there need be no signatures. CLASS_PATH is the module's own at run time.
 */
public final class CheckRelease {
  private static final List<String> OF_EACH_POM = List.of("name", "description");
  private static final List<String> OF_POM_OR_PARENT =
      List.of("url", "licenses", "developers", "scm", "issueManagement");
  private static final List<String> NOTICES = List.of("LICENSE", "NOTICE");

  private final Path directory;
  private final Path target;
  private final List<String> faults = new ArrayList<>();

  private CheckRelease(Path directory) {
    this.directory = directory;
    this.target = directory.resolve("target");
  }

  /** Exits with 1 if there is a fault. */
  public static void main(String[] args) throws Exception {
    CheckRelease check = new CheckRelease(Path.of(args[0]));
    String name = args[1];
    boolean unsigned = Boolean.parseBoolean(args[4]);
    check.pom();
    if (!unsigned) {
      check.exists(name + ".pom.asc");
    }
    if (args[2].equals("jar")) {
      for (String kind : List.of("", "-sources", "-javadoc")) {
        check.jar(name + kind + ".jar");
        if (!unsigned) {
          check.exists(name + kind + ".jar.asc");
        }
      }
      check.sources(name);
      check.exists("bom.json");
      check.modulePath(target(check, name), args[3], args[5]);
    }
    check.faults.forEach(System.err::println);
    System.exit(check.faults.isEmpty() ? 0 : 1);
  }

  private static Path target(CheckRelease check, String name) {
    return check.target.resolve(name + ".jar");
  }

  private void pom() throws Exception {
    Path pom = directory.resolve("pom.xml");
    Element project = project(pom);
    Path above = directory.resolveSibling("pom.xml");
    Element parent = child(project, "parent") == null ? project : project(above);
    for (String element : OF_EACH_POM) {
      if (child(project, element) == null) {
        faults.add(pom + " has no <" + element + ">");
      }
    }
    for (String element : OF_POM_OR_PARENT) {
      if (child(project, element) == null && child(parent, element) == null) {
        faults.add(pom + " has no <" + element + ">, nor has its parent");
      }
    }
  }

  private static Element project(Path pom) throws Exception {
    return DocumentBuilderFactory.newDefaultInstance()
        .newDocumentBuilder()
        .parse(pom.toFile())
        .getDocumentElement();
  }

  private static Node child(Element element, String name) {
    for (Node n = element.getFirstChild(); n != null; n = n.getNextSibling()) {
      if (n.getNodeName().equals(name)) {
        return n;
      }
    }
    return null;
  }

  private boolean exists(String file) {
    boolean exists = Files.isRegularFile(target.resolve(file));
    if (!exists) {
      faults.add(target.resolve(file) + " is missing");
    }
    return exists;
  }

  /** A jar must have the licence and the notices of the project, unchanged. */
  private void jar(String file) throws IOException {
    if (!exists(file)) {
      return;
    }
    try (JarFile jar = new JarFile(target.resolve(file).toFile())) {
      for (String notice : NOTICES) {
        ZipEntry entry = jar.getEntry("META-INF/" + notice);
        if (entry == null) {
          faults.add(jar.getName() + " has no META-INF/" + notice);
          continue;
        }
        try (InputStream in = jar.getInputStream(entry)) {
          if (!Arrays.equals(
              in.readAllBytes(), Files.readAllBytes(directory.resolveSibling(notice)))) {
            faults.add(jar.getName() + ": META-INF/" + notice + " is not that of the project");
          }
        }
      }
    }
  }

  /** Where there are classes there must be sources. */
  private void sources(String name) throws IOException {
    if (holds(name + ".jar", ".class") && !holds(name + "-sources.jar", ".java")) {
      faults.add(target.resolve(name + "-sources.jar") + " has no sources");
    }
  }

  private boolean holds(String file, String suffix) throws IOException {
    Path path = target.resolve(file);
    if (!Files.exists(path)) {
      return false;
    }
    try (JarFile jar = new JarFile(path.toFile())) {
      return jar.stream().anyMatch(e -> e.getName().endsWith(suffix));
    }
  }

  /** On the module path it must have its name, and no package may be in two jars. */
  private void modulePath(Path jar, String moduleName, String classPath) {
    List<Path> paths = new ArrayList<>(List.of(jar));
    for (String entry : classPath.split(System.getProperty("path.separator"))) {
      if (entry.endsWith(".jar")) {
        paths.add(Path.of(entry));
      }
    }
    Map<String, String> owners = new TreeMap<>();
    boolean named = false;
    try {
      for (ModuleReference module : ModuleFinder.of(paths.toArray(Path[]::new)).findAll()) {
        String name = module.descriptor().name();
        named |= name.equals(moduleName);
        for (String p : module.descriptor().packages()) {
          String other = owners.put(p, name);
          if (other != null) {
            faults.add("package " + p + " is in the modules " + name + " and " + other);
          }
        }
      }
    } catch (FindException e) {
      faults.add(jar + " cannot be on the module path: " + e.getMessage());
      return;
    }
    if (!named) {
      faults.add(jar + " is not the module " + moduleName);
    }
  }
}
