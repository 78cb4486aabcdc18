import CTerminal
import Dispatch
import Glibc

/// The signals that ask a program without a screen to end: SIGINT, SIGTERM and SIGHUP. As long as
/// this is kept, the first one is heard.
///
/// The second finds the default action in place, set by the kernel as it hands the first over: a
/// dispatch source of signals would still hold the second back now and then. What the program was
/// started to ignore (`nohup`) stays ignored.
final class EndingSignals {
  private let source: any DispatchSourceRead

  /// - Parameter heard: is called on a thread of its own.
  /// - Returns: nil when the system has no descriptor left; a signal then ends the program at once.
  init?(_ heard: @escaping @Sendable () -> Void) {
    let signals = terminal_catch_endings()
    guard signals >= 0 else { return nil }
    source = DispatchSource.makeReadSource(
      fileDescriptor: signals, queue: DispatchQueue.global(qos: .userInitiated))
    source.setEventHandler {
      var number: UInt8 = 0
      while read(signals, &number, 1) == 1 { heard() }
    }
    source.resume()
  }

  deinit { source.cancel() }
}
