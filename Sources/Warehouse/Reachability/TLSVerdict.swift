/// What a finding about encryption means where an `sslmode` is asked for.
struct TLSVerdict {
  private let finding: TLSProbe.Finding
  private let mode: ConnectionSettings.SSLMode
  private let host: String

  init(_ finding: TLSProbe.Finding, mode: ConnectionSettings.SSLMode, host: String) {
    self.finding = finding
    self.mode = mode
    self.host = host
  }

  /// The step, without its time.
  var step: ReachabilityStep {
    switch finding {
    case .notOffered: notOffered
    case .broken(let words):
      step(
        needsTLS ? .failed : .warning, words,
        "Check that TLS 1.2 or newer is on at the server, and that nothing on the way changes it.")
    case .encrypted(let encryption): verdict(on: encryption)
    }
  }

  private var needsTLS: Bool {
    switch mode {
    case .disable, .allow, .prefer: false
    case .require, .verifyCA, .verifyFull: true
    }
  }

  private var checksIssuer: Bool { mode == .verifyCA || mode == .verifyFull }

  private var notOffered: ReachabilityStep {
    needsTLS
      ? step(
        .failed, "the server does not offer TLS, and SSLMODE is \(mode.rawValue)",
        "Turn TLS on at the server (ssl = on), or set SSLMODE to prefer where the network is trusted."
      )
      : step(
        .warning, "the server does not offer TLS: nothing is encrypted",
        "Turn TLS on at the server, and set SSLMODE to verify-full.")
  }

  private func verdict(on encryption: TLSProbe.Encryption) -> ReachabilityStep {
    let certificate = encryption.certificate
    let how = "\(encryption.version), \(encryption.cipher)"
    guard checksIssuer else {
      // What is not asked for cannot fail, but whoever reads this may want to know.
      let objection = trustFault(certificate)?.detail
      return step(
        .passed, how + (objection.map { "; unchecked: \($0)" } ?? ""),
        objection == nil ? nil : "Set SSLMODE to verify-full where the network is not trusted.")
    }
    if let fault = trustFault(certificate) { return step(.failed, fault.detail, fault.remedy) }
    if mode == .verifyFull, !certificate.fitsHost {
      return step(
        .failed, "wrong name: the certificate is for \(certificate.subject), not for \(host)",
        "Set HOST to a name in the certificate; verify-ca would accept any name.")
    }
    return step(.passed, "\(how), certificate of \(certificate.subject) to \(certificate.lastDay)")
  }

  private func trustFault(
    _ certificate: TLSProbe.Certificate
  ) -> (detail: String, remedy: String)? {
    switch certificate.trust {
    case .trusted: nil
    case .unknownAuthority:
      (
        "unknown authority: the certificate was issued by \(certificate.issuer)",
        "Set SSLROOTCERT to the file with that authority's certificate; public ones are in "
          + "/etc/ssl/certs/ca-certificates.crt."
      )
    case .expired:
      (
        "expired: the certificate ended on \(certificate.lastDay)",
        "Have the server's certificate renewed, and look at this machine's clock."
      )
    case .notYetValid:
      (
        "the certificate is not valid yet",
        "Look at this machine's clock: the certificate begins later."
      )
    case .other(let words):
      ("the certificate is not accepted: \(words)", "Have the server's certificate corrected.")
    }
  }

  private func step(
    _ outcome: ReachabilityStep.Outcome, _ detail: String, _ remedy: String? = nil
  ) -> ReachabilityStep {
    ReachabilityStep(name: "TLS", outcome: outcome, detail: detail, remedy: remedy)
  }
}
