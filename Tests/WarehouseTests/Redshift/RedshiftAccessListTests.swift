import Testing

@testable import Warehouse

@Suite("An access list of the catalog")
struct RedshiftAccessListTests {
  private func statements(_ text: String, besides user: String = "owner") throws -> [String] {
    try RedshiftAccessList.grants(in: text, of: "users", besides: user).map {
      $0.statement(in: "s")
    }
  }

  @Test("tells what users, groups and all may do, and who may grant it on")
  func entries() throws {
    let text = """
      owner=arwdRxtDPA/owner
      ana=r*w/owner
      group staff=rR/owner
      =r/owner
      "IAM:b""ob"=d/"x=y/z"
      """
    #expect(
      try statements(text) == [
        "GRANT SELECT ON TABLE \"s\".\"users\" TO \"ana\" WITH GRANT OPTION",
        "GRANT UPDATE ON TABLE \"s\".\"users\" TO \"ana\"",
        "GRANT SELECT ON TABLE \"s\".\"users\" TO GROUP \"staff\"",
        "GRANT SELECT ON TABLE \"s\".\"users\" TO PUBLIC",
        "GRANT DELETE ON TABLE \"s\".\"users\" TO \"IAM:b\"\"ob\"",
      ])
    let schema = try RedshiftAccessList.grants(in: "ana=UC/owner", of: nil, besides: "owner")
    #expect(schema.map(\.privilege) == ["USAGE", "CREATE"])
    #expect(try statements("") == [])
  }

  @Test("that cannot be understood is an error, before a grant is lost")
  func errors() {
    for text in [
      "ana", "ana=r", "\"ana=r/owner", "ana=r/owner,bob=r/owner", "ana=r/\"x\"y", "ana=P/owner",
    ] {
      #expect(throws: WarehouseError.self, "\(text)") { try statements(text) }
    }
  }
}
