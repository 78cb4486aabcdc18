import Glibc
import Testing

@testable import Warehouse

@Suite("Installing packages")
struct PackagesTests {
  @Test("asks nobody for anything when all are there")
  func allThere() throws {
    let machine = try Machine(installed: Machine.everything)
    let outcome = try machine.install()
    #expect(outcome.status == 0 && outcome.output == "" && outcome.calls == [])
  }

  @Test("takes a package of another architecture, or a held one, as there")
  func otherArchitecture() throws {
    let machine = try Machine(installed: Machine.everything, copies: 2)
    #expect(try machine.install().calls == [])
  }

  @Test("installs what is missing, as root itself or by sudo, and no question stops it")
  func missing() throws {
    let there = Machine.everything.filter { $0 != "g++" && $0 != "zlib1g-dev" }
    let asRoot = try Machine(installed: there).install()
    #expect(asRoot.status == 0, "\(asRoot.output)")
    #expect(asRoot.output.hasPrefix("installing missing packages: g++ zlib1g-dev"))
    #expect(
      asRoot.calls == [
        "noninteractive apt-get update -qq",
        "noninteractive apt-get install -y -qq --no-install-recommends g++ zlib1g-dev",
      ])
    let bySudo = try Machine(installed: there, user: 1000, hasSudo: true).install()
    #expect(bySudo.calls == asRoot.calls.map { "sudo " + $0 })
  }

  @Test("says what to do when it cannot become root")
  func noRoot() throws {
    let machine = try Machine(
      installed: Machine.everything.filter { $0 != "g++" }, user: 1000)
    let outcome = try machine.install()
    #expect(outcome.status == 1 && outcome.calls == [])
    #expect(outcome.output.contains("this needs root"))
    #expect(outcome.output.contains("apt-get install g++"))
  }

  @Test("installs nothing that only tests need for building and running")
  func sections() throws {
    let machine = try Machine(installed: [], candidates: ["openjdk-21-jre-headless"])
    let running = try machine.install("build", "run").output
    for word in [" openjdk", " python3", " libvterm", " openssl"] {
      #expect(!running.contains(word))
    }
    #expect(running.contains("libpq-dev") && running.contains("postgresql ca-certificates"))
    let testing = try machine.install("test").output
    #expect(!testing.contains("libpq-dev") && testing.contains("libvterm-dev"))
    // The first alternative is not to be had here.
    #expect(testing.contains("openjdk-21-jre-headless") && !testing.contains("openjdk-17"))
    let unknown = try machine.install("tests")
    #expect(unknown.status == 2 && unknown.output.contains("no section [tests]"))
  }

  @Test("lets PostgreSQL make no cluster, and switches its service off")
  func server() throws {
    let there = Machine.everything.filter { $0 != "postgresql" }
    let outcome = try Machine(installed: there).install()
    #expect(
      outcome.calls == [
        " install -D -m 644 /dev/stdin "
          + "/etc/postgresql-common/createcluster.d/no-main-cluster.conf",
        "noninteractive apt-get update -qq",
        "noninteractive apt-get install -y -qq --no-install-recommends postgresql",
        " systemctl disable --now --quiet postgresql.service",
      ])
  }

  @Test("leaves servers alone that are there without the package that it would install")
  func othersServer() throws {
    let there = Machine.everything.filter { $0 != "postgresql" } + ["postgresql-14"]
    #expect(try Machine(installed: there, clusters: "14 main 5432 online").install().calls == [])
  }

  @Test("never switches a service off that starts somebody's clusters")
  func othersClusters() throws {
    let there = Machine.everything.filter { $0 != "postgresql" }
    let outcome = try Machine(installed: there, clusters: "13 main 5432 down").install()
    #expect(outcome.calls.contains { $0.contains("install -y") && $0.hasSuffix(" postgresql") })
    #expect(!outcome.calls.contains { $0.contains("systemctl") })
  }
}

/// A Debian machine of scripts: each program that the script may start is one that writes its call
/// down and does nothing.
private struct Machine {
  private let folder: String
  private let user: Int

  /// A package for every line of packages.txt.
  static let everything: [String] = {
    let text = try? FileSystem.read(Program.packageFolder + "/packages.txt", limit: 1 << 20)
    return String(decoding: text ?? [], as: UTF8.self).split(separator: "\n").compactMap { line in
      let words = line.prefix { $0 != "#" }.split { $0 == " " || $0 == "|" }
      return words.first.flatMap { $0.hasPrefix("[") ? nil : String($0) }
    }
  }()

  /// - Parameters:
  ///   - installed: packages that are there.
  ///   - copies: for so many architectures.
  ///   - candidates: packages that apt knows; others it does not.
  ///   - clusters: what pg_lsclusters says.
  init(
    installed: [String], copies: Int = 1, candidates: [String] = [], user: Int = 0,
    hasSudo: Bool = false, clusters: String = ""
  ) throws {
    folder = try TemporaryFolder.make()
    self.user = user
    try write(installed.joined(separator: "\n") + "\n", to: "installed")
    try write(candidates.joined(separator: "\n") + "\n", to: "candidates")
    try write(clusters, to: "clusters")
    try write("", to: "calls")
    for tool in ["sh", "dirname", "grep", "sed", "awk", "tr", "env", "cat"] {
      guard symlink("/usr/bin/\(tool)", "\(folder)/\(tool)") == 0 else {
        throw FileSystem.failure("could not link", tool)
      }
    }
    let installedLines = String(repeating: "echo installed; ", count: copies)
    var programs = [
      // The last word is a package's name or pattern.
      "dpkg-query": """
      for name; do :; done
      while read -r package; do case $package in $name) \(installedLines);; esac; done \
      < \(folder)/installed
      """,
      "apt-cache": """
      if grep -qx -- "$2" \(folder)/candidates; then echo '  Candidate: 1.0'
      else echo '  Candidate: (none)'; fi
      """,
      "id": "echo \(user)",
      "pg_lsclusters": "cat \(folder)/clusters",
    ]
    for name in ["apt-get", "install", "systemctl"] {
      programs[name] = #"echo "$BY$DEBIAN_FRONTEND \#(name) $*" >> \#(folder)/calls"#
    }
    if hasSudo { programs["sudo"] = #"unset DEBIAN_FRONTEND; exec env BY='sudo ' "$@""# }
    for (name, script) in programs {
      try TemporaryFolder.makeProgram("\(folder)/\(name)", script: script)
    }
  }

  private func write(_ text: String, to name: String) throws {
    try FileSystem.write(Array(text.utf8), to: "\(folder)/\(name)")
  }

  /// Runs the script on this machine; nothing of the real one is on its path.
  func install(_ sections: String...) throws -> (status: Int32, output: String, calls: [String]) {
    let script = Program.packageFolder + "/scripts/install-packages"
    let outcome = try Subprocess.run(
      ["/usr/bin/env", "-i", "PATH=\(folder)", "/bin/sh", script] + sections)
    let calls = try FileSystem.read(folder + "/calls", limit: 1 << 20)
    return (
      outcome.status, outcome.output,
      String(decoding: calls, as: UTF8.self).split(separator: "\n").map(String.init)
    )
  }
}
