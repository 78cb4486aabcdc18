import CSimdJSON
import Glibc

/// The members of one record that are asked for by name.
///
/// A member's name is guessed first: members come in the same order in nearly all records, so the
/// name that stood at its place last time is compared before all are searched.
struct MemberTable: ~Copyable {
  private struct Name {
    /// Where it begins in `text`, and how long it is.
    var start: Int
    var length: Int
    /// The record in which it came last. The value in `values` belongs to that record.
    var record: Int
  }

  private static let guessCount = 64

  private let count: Int
  private let text: UnsafeMutablePointer<UInt8>
  private let names: UnsafeMutablePointer<Name>
  /// The values, by name. Uninitialized until the name came for the first time.
  private let values: UnsafeMutablePointer<json_member>
  /// The names that stood at each place last time; -1 for one that nobody asks for.
  private let guesses: UnsafeMutablePointer<Int>
  private var record = 0
  private var place = 0

  init(_ wanted: [String]) {
    count = wanted.count
    text = .allocate(capacity: wanted.reduce(1) { $0 + $1.utf8.count })
    names = .allocate(capacity: count + 1)
    values = .allocate(capacity: count + 1)
    guesses = .allocate(capacity: MemberTable.guessCount)
    guesses.initialize(repeating: 0, count: MemberTable.guessCount)
    var end = 0
    for (index, name) in wanted.enumerated() {
      let start = end
      for byte in name.utf8 {
        (text + end).initialize(to: byte)
        end += 1
      }
      (names + index).initialize(to: Name(start: start, length: end - start, record: 0))
    }
  }

  deinit {
    text.deallocate()
    names.deallocate()
    values.deallocate()
    guesses.deallocate()
  }

  /// Forgets the record before.
  mutating func begin() {
    record += 1
    place = 0
  }

  /// Adds members of the record. Of two with one name the last counts.
  mutating func take(_ members: UnsafeBufferPointer<json_member>) {
    for member in members {
      var found = -1
      // `guesses` has `guessCount` places, and each holds -1 or less than `count`.
      if place < MemberTable.guessCount {
        found = guesses[place]
        if found < 0 || found >= count || !isName(found, of: member) {
          found = search(member)
          guesses[place] = found
        }
        place += 1
      } else {
        found = search(member)
      }
      guard found >= 0 else { continue }
      names[found].record = record
      (values + found).initialize(to: member)
    }
  }

  private func search(_ member: json_member) -> Int {
    for index in 0..<count where isName(index, of: member) { return index }
    return -1
  }

  @inline(__always)
  private func isName(_ index: Int, of member: json_member) -> Bool {
    let length = names[index].length
    return member.key_length == length && memcmp(member.key, text + names[index].start, length) == 0
  }

  /// Appends the value of the name at `index`, less than `count`, as a field; or says why not.
  @inline(__always)
  func write(_ index: Int, as type: StagingType, to rows: inout RowBuffer) -> ValueProblem? {
    // A value is initialized once its name came in any record.
    guard names[index].record == record else { return .null }
    return rows.write(values + index, as: type)
  }
}
