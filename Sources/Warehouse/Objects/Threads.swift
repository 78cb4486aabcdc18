import Glibc

/// Threads for calls that block. Swift's and Dispatch's own pools have about one thread a core, and
/// a few waiting ones would stop everything else.
enum Threads {
  private final class Body {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  /// Starts a thread that ends with `body`. False when the system has none left.
  static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
    guard let thread = create(body) else { return false }
    pthread_detach(thread)
    return true
  }

  /// Runs `body` with 0..<count on as many threads, and waits for all of them. What no thread can
  /// be had for runs here.
  static func run(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    var threads: [pthread_t] = []
    var own: [Int] = []
    for index in 0..<count {
      if let thread = create({ body(index) }) {
        threads.append(thread)
      } else {
        own.append(index)
      }
    }
    own.forEach(body)
    for thread in threads { pthread_join(thread, nil) }
  }

  private static func create(_ body: @escaping @Sendable () -> Void) -> pthread_t? {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setstacksize(&attributes, 512 << 10)
    let retained = Unmanaged.passRetained(Body(body))
    var thread = pthread_t()
    let status = pthread_create(
      &thread, &attributes,
      { argument in
        if let argument { Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() }
        return nil
      }, retained.toOpaque())
    guard status == 0 else {
      retained.release()
      return nil
    }
    return thread
  }
}
