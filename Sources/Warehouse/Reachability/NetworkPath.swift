import Glibc

/// The way to a host below the login: its name, its port, its encryption.
struct NetworkPath: Sendable {
  static let steps = ["DNS", "TCP", "TLS"]

  private let settings: ConnectionSettings
  /// How long one address, or one answer, may take.
  private let patience = Duration.seconds(5)

  init(_ settings: ConnectionSettings) { self.settings = settings }

  /// Resolves the name, connects to the port, and looks at the encryption.
  ///
  /// - Returns: whether a login can be tried.
  func check(_ report: ReachabilityReport) async -> Bool {
    guard let host = settings.host, !host.isEmpty, !host.hasPrefix("/"), !host.contains(",") else {
      let place = settings.host?.contains(",") == true ? "several hosts" : "a Unix socket"
      report.skip(Self.steps, settings.service.map { "from the service \($0)" } ?? place)
      return true
    }
    let cancellation = Cancellation()
    let isOpen = try? await onThread(cancellation) { () throws(WarehouseError) in
      check(host, port: settings.port ?? settings.usualPort, report, cancellation)
    }
    return isOpen ?? false
  }

  private func check(
    _ host: String, port: Int, _ report: ReachabilityReport, _ cancellation: Cancellation
  ) -> Bool {
    let clock = Stopwatch()
    let addresses: HostAddresses
    do throws(HostAddresses.Unknown) {
      addresses = try HostAddresses(of: host, port: port)
    } catch {
      report.add(
        ReachabilityStep(
          name: "DNS", outcome: .failed, detail: "\(host): \(error.words)",
          remedy: "Check HOST for a typing error, and the network's name server.",
          duration: clock.elapsed))
      report.skip(["TCP", "TLS"])
      return false
    }
    let names = addresses.all.map(\.text).joined(separator: ", ")
    report.add(
      ReachabilityStep(
        name: "DNS", outcome: .passed, detail: "\(host) is \(names)", duration: clock.elapsed))
    return connect(addresses, host, port, report, cancellation)
  }

  private func connect(
    _ addresses: HostAddresses, _ host: String, _ port: Int, _ report: ReachabilityReport,
    _ cancellation: Cancellation
  ) -> Bool {
    let clock = Stopwatch()
    do throws(Socket.Failure) {
      let socket = try Socket(to: addresses, patience: patience, cancellation)
      report.add(
        ReachabilityStep(
          name: "TCP", outcome: .passed, detail: "port \(port) answers", duration: clock.elapsed))
      let step = encryption(socket, host, cancellation)
      report.add(step)
      return step.outcome != .failed
    } catch {
      report.add(
        ReachabilityStep(
          name: "TCP", outcome: .failed, detail: "port \(port): \(error.words)",
          remedy: remedy(for: error), duration: clock.elapsed))
      report.skip(["TLS"])
      return false
    }
  }

  private func remedy(for failure: Socket.Failure) -> String {
    switch failure.number {
    case ECONNREFUSED:
      "Nothing listens there: check DB_PORT, and that the server runs and listens on TCP."
    case ENETUNREACH, EHOSTUNREACH:
      "There is no way to that address: check the network, a VPN, and the route."
    default: "Something on the way drops it: check the firewall, the security group and the route."
    }
  }

  private func encryption(
    _ socket: borrowing Socket, _ host: String, _ cancellation: Cancellation
  ) -> ReachabilityStep {
    let mode = settings.effectiveSSLMode
    guard mode != .disable else {
      return .skipped("TLS", "SSLMODE is disable: nothing is encrypted")
    }
    let clock = Stopwatch()
    let probe = TLSProbe(host: host, trusted: settings.trustedCertificates, patience: patience)
    var step: ReachabilityStep
    do throws(Socket.Failure) {
      step = TLSVerdict(try probe.run(socket, cancellation), mode: mode, host: host).step
    } catch {
      step = TLSVerdict(.broken(error.words), mode: mode, host: host).step
    }
    step.duration = clock.elapsed
    return step
  }
}

/// Time since it was made.
struct Stopwatch {
  private let start = ContinuousClock.now
  var elapsed: Duration { ContinuousClock.now - start }
}

extension ConnectionSettings {
  /// The port when nobody names one.
  var usualPort: Int { isRedshiftHost ? 5439 : 5432 }

  /// What libpq will make of `sslmode`: the last of a keyword wins.
  var effectiveSSLMode: SSLMode {
    keywords.last { $0.0 == "sslmode" }.flatMap { SSLMode(rawValue: $0.1) } ?? .prefer
  }

  /// The certificates that libpq will trust: the file that is named, or the one in its own folder.
  var trustedCertificates: String? {
    if let named = keywords.last(where: { $0.0 == "sslrootcert" })?.1 { return named }
    guard let home = getenv("HOME") else { return nil }
    let usual = String(cString: home) + "/.postgresql/root.crt"
    return FileSystem.exists(usual) ? usual : nil
  }
}
