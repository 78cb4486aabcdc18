import Testing

@testable import Warehouse

@Suite struct SampleRandomTests {
  @Test("the generator gives the numbers of its authors")
  func reference() {
    var random = SampleRandom(state: (1, 2, 3, 4))
    let numbers = (0..<6).map { _ in random.next() }
    #expect(
      numbers == [
        41_943_041, 58_720_359, 3_588_806_011_781_223, 3_591_011_842_654_386,
        9_228_616_714_210_784_205, 9_973_669_472_204_895_162,
      ])
  }

  @Test("streams of other seeds, purposes and indexes differ")
  func streams() {
    var firsts: Set<UInt64> = []
    for seed in [0, 1, UInt64.max] {
      for purpose in [SampleRandom.Purpose.artist, .song, .user] {
        for index in 0..<100 {
          var random = SampleRandom(seed: seed, purpose, index)
          firsts.insert(random.next())
        }
      }
    }
    #expect(firsts.count == 900)
  }

  @Test("draws stay in their range and keep their mean")
  func draws() {
    var random = SampleRandom(seed: 7, .user, 0)
    let digits = (0..<10_000).map { _ in random.below(10) }
    #expect(Set(digits) == Set(0..<10))
    let waits = (0..<20_000).map { _ in random.exponential(mean: 5) }
    #expect(abs(waits.reduce(0, +) / 20_000 - 5) < 0.15)
    let normals = (0..<20_000).map { _ in random.normal() }
    #expect(abs(normals.reduce(0, +) / 20_000) < 0.03)
    #expect(abs(normals.map { $0 * $0 }.reduce(0, +) / 20_000 - 1) < 0.05)
  }

  @Test("an alias table draws by weight")
  func aliases() {
    let table = AliasTable([1, 0.000_001, 5, 2, 2])
    var random = SampleRandom(seed: 3, .user, 0)
    let counts = tally((0..<50_000).map { _ in table.draw(&random) })
    for (index, share) in [0.1, 0, 0.5, 0.2, 0.2].enumerated() {
      #expect(abs(Double(counts[index] ?? 0) / 50_000 - share) < 0.01)
    }
    #expect(AliasTable([]).draw(&random) == 0)
    #expect(AliasTable([3]).draw(&random) == 0)
  }

  @Test("identifiers of different songs differ")
  func identifiers() {
    let letters = Set((0..<100_000).map { SampleCatalogue.letters($0, count: 5) })
    #expect(letters.count == 100_000)
  }

  @Test(
    "numbers are written as digits",
    arguments: [
      (0, "0.0"), (1, "0.00001"), (21_394_240, "213.9424"), (18_000_000, "180.0"),
      (65_577_751, "655.77751"),
    ])
  func decimals(value: Int, text: String) {
    var bytes: [UInt8] = []
    bytes.appendDecimal(hundredThousandths: value)
    #expect(String(decoding: bytes, as: UTF8.self) == text)
    var digits: [UInt8] = []
    digits.appendDigits(value)
    #expect(String(decoding: digits, as: UTF8.self) == String(value))
  }

  @Test("text is escaped as in the real files")
  func escapes() {
    var bytes: [UInt8] = []
    bytes.appendJSON("a/b \"c\" \\ ö 東 𝄞 \u{19}")
    #expect(
      String(decoding: bytes, as: UTF8.self)
        == #""a\/b \"c\" \\ \u00f6 \u6771 \ud834\udd1e \u0019""#)
    #expect("ö".misdecodedTwice == "\u{C3}\u{83}\u{C2}\u{B6}")
  }
}
