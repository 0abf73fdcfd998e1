import java.util.Scanner;
import org.codelibs.opensearch.runner.OpenSearchRunner;

/** Three OpenSearch nodes on loopback. Arguments: folder, first HTTP port, nodes. Reads "stop N", "start N", "end". */
public final class Cluster {
    public static void main(String[] arguments) throws Exception {
        int first = Integer.parseInt(arguments[1]);
        int nodes = Integer.parseInt(arguments[2]);
        OpenSearchRunner runner = new OpenSearchRunner();
        runner.onBuild((number, settings) -> {
            settings.put("http.port", first + number - 1);
            settings.put("transport.port", first + 100 + number - 1);
            settings.put("network.host", "127.0.0.1");
            // A disk that is nearly full, or a machine that stands still for a while, is not what is tested.
            settings.put("cluster.routing.allocation.disk.threshold_enabled", false);
            settings.put("cluster.fault_detection.follower_check.timeout", "60s");
            settings.put("cluster.fault_detection.leader_check.timeout", "60s");
            settings.put("cluster.publish.timeout", "120s");
            settings.put("node.name", "node-" + number);
            settings.putList("node.roles", "cluster_manager", "data");
            settings.putList("cluster.initial_cluster_manager_nodes", "node-1", "node-2", "node-3");
            settings.putList("discovery.seed_hosts", "127.0.0.1:" + (first + 100), "127.0.0.1:" + (first + 101),
                "127.0.0.1:" + (first + 102));
        });
        runner.build(OpenSearchRunner.newConfigs().basePath(arguments[0]).numOfNode(nodes).clusterName("fonte-test")
            .disableESLogger().useLogger());
        System.out.println("ready");
        Scanner commands = new Scanner(System.in);
        while (commands.hasNextLine()) {
            String[] words = commands.nextLine().split(" ");
            switch (words[0]) {
                case "stop" -> runner.getNode(Integer.parseInt(words[1])).close();
                case "start" -> runner.startNode(Integer.parseInt(words[1]));
                case "end" -> {
                    runner.close();
                    System.exit(0);
                }
                default -> System.out.println("unknown: " + words[0]);
            }
            System.out.println("done " + String.join(" ", words));
        }
        runner.close();
        System.exit(0);
    }
}
