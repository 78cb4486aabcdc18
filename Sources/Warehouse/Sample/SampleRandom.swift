import Glibc

/// Random numbers that are the same on every machine for the same seed.
///
/// xoshiro256++ by David Blackman and Sebastiano Vigna, seeded through their splitmix64
/// (prng.di.unimi.it). Every user, artist and song draws from a stream of its own, so that none
/// depends on how many numbers another took.
struct SampleRandom {
  private var s0: UInt64
  private var s1: UInt64
  private var s2: UInt64
  private var s3: UInt64

  /// What a stream is for: streams of one seed differ by it.
  enum Purpose: UInt64 {
    case artist = 1, artistOfSong, song, track, spelling, user, popularity, damage
  }

  /// The stream for one thing of its kind.
  init(seed: UInt64, _ purpose: Purpose, _ index: Int) {
    var state = seed &+ purpose.rawValue &* 0xD134_2543_DE82_EF95
    state = Self.splitMix(&state) ^ UInt64(truncatingIfNeeded: index) &* 0x9E37_79B9_7F4A_7C15
    s0 = Self.splitMix(&state)
    s1 = Self.splitMix(&state)
    s2 = Self.splitMix(&state)
    s3 = Self.splitMix(&state)
  }

  /// The stream of a given state, for comparison with the authors' own.
  init(state: (UInt64, UInt64, UInt64, UInt64)) { (s0, s1, s2, s3) = state }

  private static func splitMix(_ state: inout UInt64) -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// 64 random bits.
  mutating func next() -> UInt64 {
    let sum = s0 &+ s3
    let result = ((sum << 23) | (sum >> 41)) &+ s0
    let t = s1 << 17
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= t
    s3 = (s3 << 45) | (s3 >> 19)
    return result
  }

  /// A number from 0 up to, but not including, `bound`, which is at least 1.
  mutating func below(_ bound: Int) -> Int {
    Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(max(1, bound))).high)
  }

  /// A number from 0 up to, but not including, 1.
  mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// True with this probability.
  mutating func chance(_ probability: Double) -> Bool { unit() < probability }

  /// The waiting time for something that comes once in `mean` on average.
  mutating func exponential(mean: Double) -> Double { -mean * log(1 - unit()) }

  /// A standard normal number, by Box and Muller's method.
  mutating func normal() -> Double {
    let radius = (-2 * log(1 - unit())).squareRoot()
    return radius * cos(2 * Double.pi * unit())
  }

  /// One of these; the fallback when there are none.
  mutating func pick<Element>(_ elements: [Element], or fallback: Element) -> Element {
    elements.isEmpty ? fallback : elements[below(elements.count)]
  }
}

/// Draws indexes by weight in constant time: Walker's alias method, as Vose builds it.
struct AliasTable {
  private let limits: [UInt32]
  private let aliases: [UInt32]

  /// A table over `weights`, which are positive.
  init(_ weights: [Double]) {
    let total = weights.reduce(0, +)
    var shares = weights.map { $0 * Double(weights.count) / max(total, .leastNormalMagnitude) }
    var limits = [UInt32](repeating: .max, count: weights.count)
    var aliases = Array(0..<UInt32(weights.count))
    var small = shares.indices.filter { shares[$0] < 1 }
    var large = shares.indices.filter { shares[$0] >= 1 }
    while let low = small.popLast(), let high = large.last {
      limits[low] = UInt32(shares[low] * Double(UInt32.max))
      aliases[low] = UInt32(high)
      shares[high] -= 1 - shares[low]
      if shares[high] < 1 { small.append(large.removeLast()) }
    }
    self.limits = limits
    self.aliases = aliases
  }

  /// How many indexes there are.
  var count: Int { limits.count }

  /// An index by its weight; 0 when there are none.
  func draw(_ random: inout SampleRandom) -> Int {
    let product = random.next().multipliedFullWidth(by: UInt64(limits.count))
    let index = Int(truncatingIfNeeded: product.high)
    guard index < limits.count else { return 0 }
    let position = UInt32(truncatingIfNeeded: product.low >> 32)
    return position <= limits[index] ? index : Int(aliases[index])
  }
}
