import Glibc
import Testing

@testable import Warehouse

@Suite struct ConfigurationEditTests {
  @Test(
    "one line changes, and everything else stays",
    arguments: [
      ("[CLUSTER]\nHOST=old\n", "[CLUSTER]\nHOST=new\n"),
      (
        "# a\n[cluster]\nhost = 'old'  # b\nDB_NAME=d\n",
        "# a\n[cluster]\nhost = 'new'  # b\nDB_NAME=d\n"
      ),
      ("[CLUSTER]\nHost : \"old\"", "[CLUSTER]\nHost : \"new\""),
      ("[CLUSTER]\nHOST=\nDB_PORT=1\n", "[CLUSTER]\nHOST=new\nDB_PORT=1\n"),
      ("[CLUSTER]\nHOST =\n", "[CLUSTER]\nHOST = new\n"),
      ("[CLUSTER]\nHOST = \n", "[CLUSTER]\nHOST = new\n"),
      ("[CLUSTER]\nHOST=''\n", "[CLUSTER]\nHOST='new'\n"),
      ("[CLUSTER]\nHOST=<host>\n", "[CLUSTER]\nHOST=new\n"),
      (
        "\u{FEFF}[CLUSTER]\r\nHOST=old\r\nDB_NAME=é\r\n",
        "\u{FEFF}[CLUSTER]\r\nHOST=new\r\nDB_NAME=é\r\n"
      ),
      (
        "[CLUSTER]\nHOST=old\n  more\n  # c\nDB_NAME=d\n", "[CLUSTER]\nHOST=new\n  # c\nDB_NAME=d\n"
      ),
      ("[DWH]\nDWH_ENDPOINT=old\n", "[DWH]\nDWH_ENDPOINT=new\n"),
      (
        "[DWH]\nDWH_ENDPOINT=older\n[CLUSTER]\nHOST=old\n",
        "[DWH]\nDWH_ENDPOINT=older\n[CLUSTER]\nHOST=new\n"
      ),
      (
        "[CLUSTER]\nDB_NAME=d\n\n[S3]\nLOG_DATA=a\n",
        "[CLUSTER]\nDB_NAME=d\nHOST=new\n\n[S3]\nLOG_DATA=a\n"
      ),
      ("[S3]\nLOG_DATA=a", "[S3]\nLOG_DATA=a\n\n[CLUSTER]\nHOST=new\n"),
      ("[CLUSTER]", "[CLUSTER]\nHOST=new\n"),
      ("", "[CLUSTER]\nHOST=new\n"),
    ])
  func edits(before: String, after: String) throws {
    let edit = ConfigurationEdit(Array(before.utf8))
    let bytes = try edit.setting(.host, to: "new", path: "dwh.cfg")
    #expect(String(decoding: bytes, as: UTF8.self) == after)
  }

  @Test("a percent is doubled, and reads back as one")
  func percent() throws {
    let folder = try ScratchFolder()
    let path = try folder.write("[CLUSTER]\nDB_NAME=d\n", to: "dwh.cfg")
    try Configuration.write([(.database, "50%off"), (.host, "a.example.com")], to: path)
    #expect(try folder.read("dwh.cfg") == "[CLUSTER]\nDB_NAME=50%%off\nHOST=a.example.com\n")
    #expect(try Configuration.load(folder.options()).server.database == "50%off")
  }

  @Test("the mode and a symbolic link stay")
  func modeAndLink() throws {
    let folder = try ScratchFolder()
    try folder.write("[CLUSTER]\nHOST=old\n", to: "real.cfg", mode: 0o640)
    let link = folder.path + "/dwh.cfg"
    symlink("real.cfg", link)
    try Configuration.write([(.host, "new")], to: link)
    #expect(try folder.read("real.cfg") == "[CLUSTER]\nHOST=new\n")
    var status = stat()
    #expect(stat(folder.path + "/real.cfg", &status) == 0)
    #expect(status.st_mode & 0o777 == 0o640)
    #expect(lstat(link, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
  }

  @Test(
    "a value that cannot stand on a line is refused, and the file stays",
    arguments: ["a\nb", "us-west-2 # b", "<a>\n"])
  func refused(value: String) throws {
    let folder = try ScratchFolder()
    let path = try folder.write("[AWS]\nREGION=us-west-2\n", to: "dwh.cfg")
    let error = #expect(throws: WarehouseError.self) {
      try Configuration.write([(.region, value)], to: path)
    }
    #expect(error?.kind == .configuration)
    #expect(try folder.read("dwh.cfg") == "[AWS]\nREGION=us-west-2\n")
  }
}
