/// All listeners, and who is next: a binary heap over the times of their next events.
struct SampleCrowd {
  private(set) var events = 0
  private(set) var plays = 0
  private(set) var playsOutside = 0
  private(set) var sessions = 0
  private(set) var upgrades = 0
  private(set) var downgrades = 0
  private(set) var broken = 0
  private(set) var users = 0
  private(set) var first = Timestamp(milliseconds: 0)
  private(set) var last = Timestamp(milliseconds: 0)

  private let world: SampleWorld
  private let sessionGap: Double
  private var listeners: [SampleListener]
  private var isKnown: [Bool]
  /// Seconds in the upper half, the listener in the lower: the order is that of time, then of
  /// listeners, on every machine.
  private var heap: [UInt64]
  private var damage: SampleRandom

  init(_ world: SampleWorld, sessionGap: Double) {
    self.world = world
    self.sessionGap = sessionGap
    let listeners = (0..<world.plan.users).map { world.listener($0, sessionGap: sessionGap) }
    // A sorted list is a heap.
    heap = listeners.indices.map { Self.entry(listeners[$0].time, $0) }.sorted()
    isKnown = [Bool](repeating: false, count: listeners.count)
    self.listeners = listeners
    damage = SampleRandom(seed: world.plan.options.seed, .damage, 0)
  }

  /// The day of the next event, from 0.
  var day: Int? { heap.first.map { Int($0 >> 32) / 86_400 } }

  /// Adds the next event to `block`, and before it a torn copy when damage is asked for.
  mutating func appendNext(_ texts: borrowing SampleEventText, to block: inout [UInt8]) {
    guard let entry = heap.first else { return }
    let index = Int(entry & 0xFFFF_FFFF)
    if listeners[index].item == 0 {
      sessions += 1
      listeners[index].session = sessions
    }
    let start = block.count
    // User 1 does not occur in the real logs either.
    texts.append(listeners[index], user: index + 2, to: &block)
    tear(from: start, &block)
    count(index)
    world.advance(&listeners[index], sessionGap: sessionGap)
    replaceFirst(with: Self.entry(listeners[index].time, index))
  }

  private static func entry(_ time: Int, _ index: Int) -> UInt64 {
    UInt64(clamping: time) << 32 | UInt64(index)
  }

  private mutating func count(_ index: Int) {
    let state = listeners[index].state
    let time = world.plan.options.start.milliseconds + Int64(listeners[index].time) * 1000 + 796
    last = Timestamp(milliseconds: time)
    if events == 0 { first = last }
    events += 1
    if state.isPlay {
      plays += 1
      if Int(listeners[index].song) >= world.plan.options.songs { playsOutside += 1 }
    }
    if state.page == .submitUpgrade { upgrades += 1 }
    if state.page == .submitDowngrade { downgrades += 1 }
    if state.isLoggedIn, !isKnown[index] {
      isKnown[index] = true
      users += 1
    }
  }

  /// Puts the first part of the record that begins at `start` on a line before it, now and then.
  private mutating func tear(from start: Int, _ block: inout [UInt8]) {
    let share = world.plan.options.dirt.brokenRecords
    guard share > 0, damage.chance(share) else { return }
    let record = Array(block[start...])
    let torn = record.prefix(1 + damage.below(record.count - 1))
    block.removeLast(record.count)
    block += torn
    block.append(UInt8(ascii: "\n"))
    block += record
    broken += 1
  }

  /// Takes the first entry out and puts another in.
  private mutating func replaceFirst(with entry: UInt64) {
    var hole = 0
    let count = heap.count
    while true {
      var child = 2 * hole + 1
      guard child < count else { break }
      if child + 1 < count, heap[child + 1] < heap[child] { child += 1 }
      guard heap[child] < entry else { break }
      heap[hole] = heap[child]
      hole = child
    }
    heap[hole] = entry
  }
}
