import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.opensearch.common.settings.Settings;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.plugins.Plugin;
import org.opensearch.transport.Netty4Plugin;

/**
 * OpenSearch on this machine alone, for {@code tools/test-stores}: {@code java -cp 'libs/*'
 * OpenSearchNode.java FOLDER PORT}.
 */
public final class OpenSearchNode extends Node {
  private OpenSearchNode(Settings settings, List<Class<? extends Plugin>> plugins) {
    super(
        InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), null, () -> "node"),
        plugins,
        false);
  }

  /**
   * Starts a node.
   *
   * @param args its folder, and its port for HTTP
   */
  public static void main(String[] args) throws Exception {
    Settings settings =
        Settings.builder()
            .put("path.home", Path.of(args[0]).toAbsolutePath().toString())
            .put("discovery.type", "single-node")
            .put("network.host", "127.0.0.1")
            .put("http.port", args[1])
            .put("transport.type", "netty4")
            .put("http.type", "netty4")
            .put("node.name", "node")
            .put("cluster.routing.allocation.disk.threshold_enabled", false)
            .build();
    new OpenSearchNode(settings, List.of(Netty4Plugin.class)).start();
    Thread.currentThread().join();
  }
}
