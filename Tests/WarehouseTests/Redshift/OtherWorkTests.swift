import Testing

@testable import Warehouse

@Suite("What others do on a cluster")
struct OtherWorkTests {
  @Test("is told by users, each session once, and is neither this program's nor AWS's own")
  func sessions() {
    var work = OtherWork()
    #expect(work.text == nil)
    for row in [["7", "me"], ["8", "rdsdb"], [nil, "nobody"]] as [[String?]] {
      work.note(row, except: [7])
    }
    #expect(work.text == nil)
    for row in [["9", "ana"], ["9", "ana"]] as [[String?]] { work.note(row, except: [7]) }
    #expect(work.text == "another session works: ana")
    work.note(["10", "bob"], except: [7])
    #expect(work.text == "2 other sessions work: ana, bob")
    work.isRunGoingOn = true
    #expect(work.text == "a run goes on elsewhere")
  }
}
