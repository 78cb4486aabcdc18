import CLibPQ
import Synchronization

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
  /// More than this many of one statement are not kept.
  private static let most = 50

  private let observer: NoticeObserver?
  private let kept = Mutex<[ServerNotice]>([])

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
    func field(_ code: Int32) -> String? {
      PQresultErrorField(result, code).map { String(cString: $0) }
    }
    let notice = ServerNotice(
      severity: field(CPQ_DIAG_SEVERITY) ?? "NOTICE",
      message: field(CPQ_DIAG_MESSAGE_PRIMARY) ?? "",
      detail: field(CPQ_DIAG_MESSAGE_DETAIL), hint: field(CPQ_DIAG_MESSAGE_HINT))
    kept.withLock { if $0.count < Self.most { $0.append(notice) } }
    observer?(notice)
  }

  /// What was said since the last call.
  func take() -> [ServerNotice] {
    kept.withLock { kept in
      defer { kept = [] }
      return kept
    }
  }
}
