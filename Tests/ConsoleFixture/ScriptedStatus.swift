#if DEBUG
  @testable import Console
  @testable import Warehouse

  /// What the Cluster screen is told.
  enum ScriptedStatus {
    static func status(_ script: Script, maxRejects: Int) -> WarehouseStatus {
      WarehouseStatus(
        configuration: configuration(maxRejects), facts: script.isUnreachable ? [] : facts,
        reachability: script.isUnreachable ? unreachable : reachable, maxRejects: maxRejects,
        configurationPath: "dwh.cfg")
    }

    private static func configuration(_ maxRejects: Int) -> [ConfigurationEntry] {
      ConfigurationKey.allCases.map { key in
        switch key {
        case .host:
          entry(key, nil, .standard)
        case .password: entry(key, "•••", .file("dwh_local.cfg", line: 3))
        case .logData: entry(key, "shared/data/sparkify/log_data", .file("dwh.cfg", line: 12))
        case .songData:
          entry(
            key, "shared/data/sparkify/song_dat", .file("dwh.cfg", line: 13),
            .error("there is no such folder"))
        case .sslMode:
          entry(key, "prefer", .environment("PGSSLMODE"), .warning("verify-full is safer"))
        case .maxRejects: entry(key, "\(maxRejects)", .standard)
        default: entry(key, key.rawValue.count % 3 == 0 ? nil : "default", .standard)
        }
      }
    }

    private static func entry(
      _ key: ConfigurationKey, _ value: String?, _ origin: ConfigurationOrigin,
      _ verdict: ConfigurationEntry.Verdict = .right
    ) -> ConfigurationEntry {
      ConfigurationEntry(id: key, value: value, origin: origin, verdict: verdict)
    }

    private static let facts: [ServerFact] = [
      ServerFact(label: "engine", value: "PostgreSQL 15.18 (Debian 15.18-0+deb12u1)"),
      ServerFact(label: "uptime", value: "2 h 14 min"), ServerFact(label: "size", value: "412 MB"),
      ServerFact(label: "sessions", value: "3 of 100"),
      ServerFact(label: "published", value: "run 14, 2018-11-30 18:02 UTC"),
      ServerFact(label: "shared_buffers", value: "512 MB"),
      ServerFact(label: "wal_level", value: "minimal"),
      ServerFact(label: "data", value: "/home/ops/.local/state/sparkify/cluster"),
    ]

    private static let reachable: [ReachabilityStep] = [
      step("socket", .passed, "/run/user/1000/sparkify-3f2a", 1),
      step("TCP", .skipped, "embedded: a Unix socket only"),
      step("TLS", .skipped, "not on a Unix socket"), step("login", .passed, "ops, peer", 4),
      step("privileges", .passed, "may create schemas", 2),
    ]

    private static let unreachable: [ReachabilityStep] = [
      step("DNS", .passed, "127.0.0.1", 1),
      step(
        "TCP", .failed, "port 5433: Connection refused", 1,
        "Start the server, or correct [CLUSTER] DB_PORT in dwh.cfg."),
      step("TLS", .skipped, "no connection"), step("login", .skipped, "no connection"),
      step("privileges", .skipped, "no connection"),
    ]

    private static func step(
      _ name: String, _ outcome: ReachabilityStep.Outcome, _ detail: String,
      _ milliseconds: Int? = nil, _ remedy: String? = nil
    ) -> ReachabilityStep {
      ReachabilityStep(
        name: name, outcome: outcome, detail: detail, remedy: remedy,
        duration: milliseconds.map { .milliseconds($0) })
    }
  }
#endif
