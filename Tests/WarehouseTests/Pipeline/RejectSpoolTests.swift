import Synchronization
import Testing

@testable import Warehouse

@Suite("Rejects on their way into the journal")
struct RejectSpoolTests {
  private func reject(_ number: Int) -> Reject {
    Reject(
      file: "a.json", line: number, byteOffset: 0, column: nil, reason: "broken", rawText: "{",
      isCut: false)
  }

  @Test("wait for room, so that no more are held than that, and none gets lost")
  func room() throws {
    let spool = RejectSpool(room: 5_000)
    let count = 10_000
    let isOver = Mutex(false)
    let isStarted = Threads.start {
      for number in 1...count { spool.add(self.reject(number)) }
      isOver.withLock { $0 = true }
    }
    try #require(isStarted)
    var (lines, largest, told) = ([Int](), 0, 0)
    while lines.count < count {
      let next = spool.take()
      largest = max(largest, next.rejects.count)
      told += next.told
      lines += next.rejects.map(\.line)
    }
    #expect(lines == Array(1...count))
    #expect(largest > 0 && largest < 30)
    #expect(told == RejectSpool.told && spool.untold == count - told)
  }

  @Test("let everybody pass once the spool is closed, and keep what there was room for")
  func closing() {
    let spool = RejectSpool(room: 1_000)
    spool.close()
    for number in 1...100 { spool.add(reject(number)) }
    let (rejects, _) = spool.take()
    #expect(rejects.map(\.line) == Array(1...rejects.count))
    #expect(rejects.count > 1 && rejects.count < 10)
    #expect(spool.take().rejects.isEmpty)
  }
}

@Suite("The journal's texts")
struct StorableTextTests {
  @Test("fit into their columns, cut between characters with a mark, and hold no NUL")
  func cutting() {
    #expect("abc".storable(3) == "abc")
    #expect("abcdefgh".storable(6) == "abc…")
    #expect("ääää".storable(7) == "ää…")
    #expect("a\0b".storable(9) == "a␀b")
    for limit in 3...20 {
      let text = "日本\0語é👩‍👩‍👧".storable(limit)
      #expect(text.utf8.count <= limit && !text.utf8.contains(0))
    }
  }
}
