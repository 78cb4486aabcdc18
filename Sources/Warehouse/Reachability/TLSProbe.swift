import CSSL
import Glibc

/// What a server's encryption is like, asked for apart from libpq: its words do not tell an expired
/// certificate from one of an unknown authority.
struct TLSProbe: Sendable {
  /// What was found.
  enum Finding: Sendable, Equatable {
    /// The server said that it does not encrypt.
    case notOffered
    /// It spoke of encryption, and then it failed.
    case broken(String)
    case encrypted(Encryption)
  }

  /// An encrypted connection.
  struct Encryption: Sendable, Equatable {
    /// "TLSv1.3"
    var version: String
    var cipher: String
    var certificate: Certificate
  }

  /// The server's certificate.
  struct Certificate: Sendable, Equatable {
    /// Whom it is for: "CN=db.example.com".
    var subject: String
    var issuer: String
    /// Whether it is for the host that was asked.
    var fitsHost: Bool
    /// "2027-01-31"
    var lastDay: String
    var trust: Trust
  }

  /// Whether its signatures lead to somebody who is trusted.
  enum Trust: Sendable, Equatable {
    case trusted, unknownAuthority, expired, notYetValid
    /// Another fault, in OpenSSL's words.
    case other(String)
  }

  let host: String
  /// The file with the certificates to trust; nil trusts nobody, `system` whom the system trusts.
  let trusted: String?
  /// How long each answer may take.
  var patience = Duration.seconds(5)

  /// Asks a server of PostgreSQL's protocol for encryption, and looks at what comes. Blocks.
  func run(
    _ socket: borrowing Socket, _ cancellation: Cancellation
  ) throws(Socket.Failure) -> Finding {
    // SSLRequest: its length, and a number that no protocol version has.
    try socket.send([0, 0, 0, 8, 0x04, 0xD2, 0x16, 0x2F], patience, cancellation)
    switch try socket.receiveByte(patience, cancellation) {
    case UInt8(ascii: "S"): return try handshake(socket, cancellation)
    case UInt8(ascii: "N"): return .notOffered
    case nil: return .broken("the server hung up when it was asked for TLS")
    case .some: return .broken("what answers does not speak PostgreSQL's protocol")
    }
  }

  private func handshake(
    _ socket: borrowing Socket, _ cancellation: Cancellation
  ) throws(Socket.Failure) -> Finding {
    guard let context = SSL_CTX_new(TLS_client_method()) else { return .broken(Self.lastError) }
    defer { SSL_CTX_free(context) }
    if trusted == "system" {
      SSL_CTX_set_default_verify_paths(context)
    } else if let trusted, SSL_CTX_load_verify_locations(context, trusted, nil) != 1 {
      return .broken("could not read the trusted certificates in \(trusted)")
    }
    guard let tls = SSL_new(context) else { return .broken(Self.lastError) }
    defer { SSL_free(tls) }
    SSL_set_fd(tls, socket.descriptor)
    if !isAddress { setServerName(tls) }
    ERR_clear_error()
    while true {
      let status = SSL_connect(tls)
      if status == 1 { return encryption(tls) }
      switch SSL_get_error(tls, status) {
      case SSL_ERROR_WANT_READ: try socket.wait(for: Int16(POLLIN), patience, cancellation)
      case SSL_ERROR_WANT_WRITE: try socket.wait(for: Int16(POLLOUT), patience, cancellation)
      default: return .broken(Self.lastError)
      }
    }
  }

  /// Some servers have several certificates, and choose by the name.
  private func setServerName(_ tls: OpaquePointer) {
    var name = Array(host.utf8CString)
    SSL_ctrl(
      tls, SSL_CTRL_SET_TLSEXT_HOSTNAME, Int(TLSEXT_NAMETYPE_host_name), &name)
  }

  private func encryption(_ tls: OpaquePointer) -> Finding {
    guard let raw = SSL_get1_peer_certificate(tls) else {
      return .broken("the server showed no certificate")
    }
    defer { X509_free(raw) }
    let fits =
      isAddress
      ? X509_check_ip_asc(raw, host, 0) == 1 : X509_check_host(raw, host, 0, 0, nil) == 1
    let certificate = Certificate(
      subject: Self.name(X509_get_subject_name(raw)), issuer: Self.name(X509_get_issuer_name(raw)),
      fitsHost: fits, lastDay: Self.day(X509_get0_notAfter(raw)),
      trust: Self.trust(SSL_get_verify_result(tls)))
    return .encrypted(
      Encryption(
        version: String(cString: SSL_get_version(tls)),
        cipher: SSL_CIPHER_get_name(SSL_get_current_cipher(tls)).map { String(cString: $0) } ?? "",
        certificate: certificate))
  }

  /// Whether the host is an address and no name.
  private var isAddress: Bool {
    var bytes = [UInt8](repeating: 0, count: 16)
    return inet_pton(AF_INET, host, &bytes) == 1 || inet_pton(AF_INET6, host, &bytes) == 1
  }

  private static func trust(_ result: Int) -> Trust {
    switch Int32(truncatingIfNeeded: result) {
    case X509_V_OK: .trusted
    case X509_V_ERR_CERT_HAS_EXPIRED: .expired
    case X509_V_ERR_CERT_NOT_YET_VALID: .notYetValid
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
      X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,
      X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
      .unknownAuthority
    default: .other(String(cString: X509_verify_cert_error_string(result)))
    }
  }

  /// "CN=db.example.com, O=…"
  private static func name(_ name: OpaquePointer?) -> String {
    guard let name, let output = BIO_new(BIO_s_mem()) else { return "?" }
    defer { BIO_free(output) }
    X509_NAME_print_ex(output, name, 0, cssl_name_flags)
    return text(in: output)
  }

  private static func day(_ time: UnsafePointer<ASN1_TIME>?) -> String {
    var parts = tm()
    guard let time, ASN1_TIME_to_tm(time, &parts) == 1 else { return "?" }
    return "\(Int(parts.tm_year) + 1900)-\((parts.tm_mon + 1).padded(2))-\(parts.tm_mday.padded(2))"
  }

  private static func text(in output: OpaquePointer) -> String {
    var bytes = [UInt8](repeating: 0, count: 1024)
    let count = BIO_read(output, &bytes, Int32(bytes.count))
    return String(decoding: bytes.prefix(max(0, Int(count))), as: UTF8.self)
  }

  /// What OpenSSL says of the last fault of this thread.
  private static var lastError: String {
    let code = ERR_get_error()
    guard code != 0, let words = ERR_reason_error_string(code) else {
      return "the server hung up during the handshake"
    }
    return String(cString: words)
  }
}
