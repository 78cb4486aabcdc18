import Synchronization

/// Finds the credentials, keeps them, and renews temporary ones five minutes before their end.
///
/// In order: the keys of the configuration or the profile, whichever was said louder (a flag over the
/// environment over a file); a web identity; the container's; the machine's own; what AWS's own
/// program finds. The first that is there counts: one that is there and wrong is an error, not a
/// reason to go on.
final class CredentialChain: Sendable {
  let settings: AWSSettings
  let profiles: SharedProfiles
  private let transport: HTTPTransport
  private let retry: RetryPolicy
  private struct Known {
    var credentials: AWSCredentials
    /// When others are asked for; nil for never.
    var renewal: Timestamp?
  }
  private let known = Mutex<Known?>(nil)
  /// Held while they are being found, so that many threads ask once.
  private let finding = Mutex(())

  init(
    _ settings: AWSSettings, _ profiles: SharedProfiles, _ transport: HTTPTransport,
    _ retry: RetryPolicy
  ) {
    self.settings = settings
    self.profiles = profiles
    self.transport = transport
    self.retry = retry
  }

  /// The credentials. Blocks when they must be asked for.
  ///
  /// - Throws: `.configuration` when there are none; `.cancelled`.
  func current(_ cancellation: Cancellation) throws(WarehouseError) -> AWSCredentials {
    if let fresh { return fresh }
    return try finding.withLock { _ in
      Result { () throws(WarehouseError) in
        if let fresh { return fresh }
        return try renew(cancellation)
      }
    }.get()
  }

  /// Asks again the next time: AWS said that `ended` has. What was renewed meanwhile is kept.
  func forget(_ ended: AWSCredentials) {
    known.withLock { if $0?.credentials == ended { $0 = nil } }
  }

  private var fresh: AWSCredentials? {
    known.withLock { known in
      guard let known, known.renewal.map({ Timestamp.now() < $0 }) ?? true else { return nil }
      return known.credentials
    }
  }

  /// Five minutes before the end; half a minute after a try that failed.
  private static let margin: Int64 = 300_000
  private static let pause: Int64 = 30_000

  /// Finds them anew. Where that fails, those that still hold are used to their end.
  private func renew(_ cancellation: Cancellation) throws(WarehouseError) -> AWSCredentials {
    do throws(WarehouseError) {
      let found = try find(cancellation)
      let renewal = found.expiration.map { Timestamp(milliseconds: $0.milliseconds - Self.margin) }
      known.withLock { $0 = Known(credentials: found, renewal: renewal) }
      return found
    } catch {
      let now = Timestamp.now().milliseconds
      guard error.kind != .cancelled, let old = known.withLock({ $0 })?.credentials,
        let end = old.expiration, end.milliseconds > now
      else { throw error }
      let renewal = Timestamp(milliseconds: min(now + Self.pause, end.milliseconds))
      known.withLock { $0 = Known(credentials: old, renewal: renewal) }
      return old
    }
  }

  private func find(_ cancellation: Cancellation) throws(WarehouseError) -> AWSCredentials {
    if !settings.prefersProfile, let keys = try configuredKeys() { return keys }
    let profile = ProfileCredentials(settings, profiles, transport, retry)
    if let found = try profile.find(cancellation) { return found }
    if settings.profile != nil { throw profile.nothingIn(profiles.name) }
    if let found = try profile.webIdentity(cancellation) { return found }
    let metadata = MetadataCredentials(settings.surroundings, transport)
    if let found = try metadata.container(cancellation) { return found }
    if let found = try metadata.instance(cancellation) { return found }
    if let found = profile.ofTheirProgram() { return found }
    throw WarehouseError(
      .configuration, "could not find AWS credentials",
      detail: "looked at AWS.KEY and AWS.SECRET, AWS_ACCESS_KEY_ID, the profile "
        + "\"\(profiles.name)\", a web identity, the container, the machine and AWS's own program",
      hint: "Set a profile with AWS.PROFILE, or keys in dwh_local.cfg; AWS.ANONYMOUS=on reads "
        + "public buckets without any.")
  }

  private func configuredKeys() throws(WarehouseError) -> AWSCredentials? {
    switch (settings.accessKey, settings.secretKey) {
    case (let key?, let secret?):
      return AWSCredentials(
        accessKey: key, secretKey: secret, sessionToken: settings.sessionToken,
        origin: "the configuration")
    case (nil, nil): return nil
    case (.some, nil), (nil, .some):
      throw WarehouseError(
        .configuration, "could not use half of an AWS key",
        detail: settings.accessKey == nil ? "AWS.KEY is not set" : "AWS.SECRET is not set",
        hint: "Set AWS.KEY and AWS.SECRET together, or neither.")
    }
  }
}
