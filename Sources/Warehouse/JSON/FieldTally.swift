import CSimdJSON
import Glibc

/// Counts what one member of the records is like.
struct FieldTally {
  /// A value that is the least or the greatest so far.
  private struct Extreme {
    var number: Double
    var text: [UInt8]
  }

  /// Of long text, so much is kept.
  private static let keptBytes = 200

  let name: [UInt8]
  private(set) var count = 0
  private var types = [Int](repeating: 0, count: MemberType.allCases.count)
  private var emptyCount = 0
  private var values: Set<Int> = []
  private var hasMoreValues = false
  private var widest = -1
  private var widestPlace: SourcePlace?
  private var leastNumber: Extreme?
  private var greatestNumber: Extreme?
  private var leastText: [UInt8]?
  private var greatestText: [UInt8]?

  init(_ name: [UInt8]) { self.name = name }

  /// Whether a member bears this name.
  @inline(__always)
  func isName(of member: json_member) -> Bool {
    member.key_length == name.count && memcmp(member.key, name, name.count) == 0
  }

  /// Takes one value.
  mutating func take(_ member: json_member, limit: Int, at place: () -> SourcePlace) {
    count += 1
    let type = MemberType(member.type)
    types[type.place] += 1
    guard type != .null else { return }
    if member.length > widest {
      widest = member.length
      widestPlace = place()
    }
    countDistinct(member, limit)
    switch type {
    case .integer: takeNumber(Double(member.integer), member)
    case .number: takeNumber(member.real, member)
    case .text: takeText(member)
    case .null, .boolean, .nested: break
    }
  }

  /// Values are told apart by a hash of 64 bits: a million of them share one once in 30 million
  /// samples.
  private mutating func countDistinct(_ member: json_member, _ limit: Int) {
    guard !hasMoreValues else { return }
    var hasher = Hasher()
    hasher.combine(bytes: UnsafeRawBufferPointer(start: member.text, count: member.length))
    values.insert(hasher.finalize())
    if values.count > limit {
      hasMoreValues = true
      values = []
    }
  }

  private mutating func takeNumber(_ number: Double, _ member: json_member) {
    if leastNumber.map({ number < $0.number }) ?? true {
      leastNumber = Extreme(number: number, text: Self.kept(member))
    }
    if greatestNumber.map({ number > $0.number }) ?? true {
      greatestNumber = Extreme(number: number, text: Self.kept(member))
    }
  }

  private mutating func takeText(_ member: json_member) {
    if member.length == 0 {
      emptyCount += 1
      return
    }
    let text = UnsafeBufferPointer(start: member.text, count: min(member.length, Self.keptBytes))
    if leastText.map({ text.lexicographicallyPrecedes($0) }) ?? true { leastText = Array(text) }
    if greatestText.map({ $0.lexicographicallyPrecedes(text) }) ?? true {
      greatestText = Array(text)
    }
  }

  private static func kept(_ member: json_member) -> [UInt8] {
    Array(UnsafeBufferPointer(start: member.text, count: min(member.length, keptBytes)))
  }

  /// What was counted, in `records` records.
  func profile(records: Int, limit: Int) -> FieldProfile {
    var profile = FieldProfile(name: String(decoding: name, as: UTF8.self), columns: [])
    for type in MemberType.allCases where types[type.place] > 0 {
      profile.types[type] = types[type.place]
    }
    profile.missingCount = max(0, records - count)
    profile.emptyCount = emptyCount
    profile.distinct = hasMoreValues ? .atLeast(limit) : .exactly(values.count)
    profile.minimum = Self.shown(leastText ?? leastNumber?.text)
    profile.maximum = Self.shown(greatestText ?? greatestNumber?.text)
    profile.widestBytes = max(0, widest)
    profile.widestPlace = widestPlace
    return profile
  }

  private static func shown(_ bytes: [UInt8]?) -> String? {
    bytes?.withUnsafeBufferPointer { bytes in
      String(
        decoding: bytes.count < keptBytes ? bytes : bytes.withoutPartOfCharacter, as: UTF8.self)
    }
  }
}

extension MemberType {
  /// Its place in `allCases`.
  fileprivate var place: Int {
    switch self {
    case .null: 0
    case .boolean: 1
    case .integer: 2
    case .number: 3
    case .text: 4
    case .nested: 5
    }
  }
}
