import CLibPQ

/// Something that the server says beside an answer: a NOTICE, a WARNING, a count of a COPY.
public struct ServerNotice: Sendable, Equatable {
  /// `NOTICE`, `WARNING`, `INFO`, …, untranslated.
  public var severity: String
  /// The server's own words.
  public var message: String
  /// More of them.
  public var detail: String?
  /// What the server advises.
  public var hint: String?
}

/// Hears what the server says beside its answers. Called on the session's thread: be quick.
public typealias NoticeObserver = @Sendable (ServerNotice) -> Void

/// Catches libpq's notices, which would otherwise be printed to standard error, over the screen.
///
/// The connection that it is installed in must keep it alive.
final class NoticeReceiver: Sendable {
  private let observer: NoticeObserver?

  init(_ observer: NoticeObserver?) { self.observer = observer }

  func install(in connection: OpaquePointer?) {
    let context = Unmanaged.passUnretained(self).toOpaque()
    PQsetNoticeReceiver(
      connection,
      { context, result in
        guard let context else { return }
        Unmanaged<NoticeReceiver>.fromOpaque(context).takeUnretainedValue().receive(result)
      }, context)
  }

  private func receive(_ result: OpaquePointer?) {
    guard let observer else { return }
    func field(_ code: Int32) -> String? {
      PQresultErrorField(result, code).map { String(cString: $0) }
    }
    observer(
      ServerNotice(
        severity: field(CPQ_DIAG_SEVERITY) ?? "NOTICE",
        message: field(CPQ_DIAG_MESSAGE_PRIMARY) ?? "",
        detail: field(CPQ_DIAG_MESSAGE_DETAIL), hint: field(CPQ_DIAG_MESSAGE_HINT)))
  }
}
