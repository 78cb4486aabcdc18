import Testing

@testable import Warehouse

@Suite struct ConfigurationFileTests {
  struct Row: CustomTestStringConvertible {
    let name: String
    let text: String
    let values: [String]
    let complaints: [String]
    var testDescription: String { name }

    init(_ name: String, _ text: String, _ values: [String], _ complaints: [String] = []) {
      self.name = name
      self.text = text
      self.values = values
      self.complaints = complaints
    }
  }

  @Test(
    "a value is read as configparser reads it, or better",
    arguments: [
      Row("bare", "[CLUSTER]\nHOST=a", ["CLUSTER.HOST=a"]),
      Row("colon", "[CLUSTER]\nHOST: a", ["CLUSTER.HOST=a"]),
      Row("blanks around", "[CLUSTER]\nHOST       =  a  ", ["CLUSTER.HOST=a"]),
      Row("blank after", "[CLUSTER]\nHOST= a", ["CLUSTER.HOST=a"]),
      Row(
        "the first separator splits", "[IAM_ROLE]\nARN=arn:aws:iam\n[S3]\nLOG_DATA: s3://b=c",
        ["IAM_ROLE.ARN=arn:aws:iam", "S3.LOG_DATA=s3://b=c"]),
      Row("equals in a value", "[CLUSTER]\nDB_USER=a=b", ["CLUSTER.DB_USER=a=b"]),
      Row("equals in front", "[CLUSTER]\nDB_USER==1", ["CLUSTER.DB_USER==1"]),
      Row(
        "full-line comments, indented too", "# a\n[CLUSTER]\n  ; b\nHOST=a\n  # c\n",
        ["CLUSTER.HOST=a"]),
      Row("case", "[cluster]\nhost=a", ["cluster.host=a"]),
      Row("single quotes", "[S3]\nLOG_DATA='s3://a/b'", ["S3.LOG_DATA=s3://a/b"]),
      Row("double quotes", "[S3]\nLOG_DATA=\"s3://a/b\"", ["S3.LOG_DATA=s3://a/b"]),
      Row("one pair only", "[CLUSTER]\nDB_USER=\"'a'\"", ["CLUSTER.DB_USER='a'"]),
      Row("empty quotes", "[CLUSTER]\nHOST=''", ["CLUSTER.HOST="]),
      Row("a lone quote", "[CLUSTER]\nDB_USER='a", ["CLUSTER.DB_USER='a"]),
      Row(
        "curly quotes", "[CLUSTER]\nDB_USER=“a”", ["CLUSTER.DB_USER=a"],
        ["2 warning: typographic quotes around the value of DB_USER"]),
      Row(
        "a comment after a quoted value", "[S3]\nLOG_DATA='s3://a' #Latest", ["S3.LOG_DATA=s3://a"],
        ["2 warning: the comment after the value of LOG_DATA is left out"]),
      Row(
        "a comment with quotes after a quoted value", "[S3]\nLOG_DATA='s3://a' # the 'big' one",
        ["S3.LOG_DATA=s3://a"],
        ["2 warning: the comment after the value of LOG_DATA is left out"]),
      Row(
        "a comment after a number", "[CLUSTER]\nDB_PORT=5439 # c", ["CLUSTER.DB_PORT=5439"],
        ["2 warning: the comment after the value of DB_PORT is left out"]),
      Row(
        "a comment after a known word", "[CLUSTER]\nSSLMODE=require ; c",
        ["CLUSTER.SSLMODE=require"],
        ["2 warning: the comment after the value of SSLMODE is left out"]),
      Row(
        "a comment after an ARN", "[IAM_ROLE]\nARN=arn:aws:iam::1:role/r # c",
        ["IAM_ROLE.ARN=arn:aws:iam::1:role/r"],
        ["2 warning: the comment after the value of ARN is left out"]),
      Row(
        "a comment after an S3 address", "[S3]\nLOG_DATA=s3://a/b # c", ["S3.LOG_DATA=s3://a/b"],
        ["2 warning: the comment after the value of LOG_DATA is left out"]),
      Row(
        "a comment after a region, a node type, a size",
        "[AWS]\nREGION=us-west-2 # c\n[DWH]\nDWH_NODE_TYPE=dc2.large # c\n"
          + "[PIPELINE]\nMAX_RECORD_BYTES=16 MiB # c",
        [
          "AWS.REGION=us-west-2", "DWH.DWH_NODE_TYPE=dc2.large", "PIPELINE.MAX_RECORD_BYTES=16 MiB",
        ],
        [
          "2 warning: the comment after the value of REGION is left out",
          "4 warning: the comment after the value of DWH_NODE_TYPE is left out",
          "6 warning: the comment after the value of MAX_RECORD_BYTES is left out",
        ]),
      Row(
        "a mark without a blank before it", "[CLUSTER]\nDB_PORT=5439#c",
        ["CLUSTER.DB_PORT=5439#c"]),
      Row(
        "a comment after other text", "[CLUSTER]\nDB_NAME=dev # c", ["CLUSTER.DB_NAME=dev # c"],
        ["2 warning: what follows # or ; is read as a part of the value of DB_NAME"]),
      Row(
        "a password keeps everything", "[CLUSTER]\nDB_PASSWORD=54 # c",
        ["CLUSTER.DB_PASSWORD=54 # c"]),
      Row(
        "a quoted password keeps what follows", "[CLUSTER]\nDB_PASSWORD='a' # c",
        ["CLUSTER.DB_PASSWORD='a' # c"],
        ["2 warning: what follows # or ; is read as a part of the value of DB_PASSWORD"]),
      Row(
        "a value that begins with a mark", "[CLUSTER]\nDB_PASSWORD=#a", ["CLUSTER.DB_PASSWORD=#a"]),
      Row(
        "a percent", "[CLUSTER]\nDB_PASSWORD=Pa%ss%", ["CLUSTER.DB_PASSWORD=Pa%ss%"],
        ["2 note: the % in the value of DB_PASSWORD is kept as typed"]),
      Row(
        "a doubled percent", "[CLUSTER]\nDB_PASSWORD=a%%b", ["CLUSTER.DB_PASSWORD=a%b"],
        ["2 note: %% in the value of DB_PASSWORD is read as one %"]),
      Row(
        "a reference within the section", "[S3]\nLOG_DATA=%(BUCKET)s/log\nBUCKET='s3://a'",
        ["S3.LOG_DATA=s3://a/log", "S3.BUCKET=s3://a"]),
      Row(
        "a reference to [DEFAULT]", "[DEFAULT]\nroot=s3://a\n[S3]\nLOG_DATA=%(root)s/log",
        ["DEFAULT.root=s3://a", "S3.LOG_DATA=s3://a/log"]),
      Row(
        "a reference to nothing", "[S3]\nLOG_DATA=%(no)s/log", ["S3.LOG_DATA=%(no)s/log"],
        ["2 note: the % in the value of LOG_DATA is kept as typed"]),
      Row(
        "[DEFAULT] is inherited", "[DEFAULT]\nREGION=us-west-2\n[AWS]\nKEY=<k>",
        ["DEFAULT.REGION=us-west-2", "AWS.KEY=<k>", "AWS.REGION=us-west-2"]),
      Row(
        "nothing after the separator", "[CLUSTER]\nHOST=\nDB_NAME:",
        ["CLUSTER.HOST=", "CLUSTER.DB_NAME="]),
      Row(
        "a key alone", "[CLUSTER]\nHOST\nDB_NAME=a", ["CLUSTER.DB_NAME=a"],
        ["2 error: a line without = or :"]),
      Row(
        "a continued value", "[CLUSTER]\nDB_USER=a\n  b", ["CLUSTER.DB_USER=a\nb"]),
      Row(
        "an indented known key", "[CLUSTER]\nHOST=a\n  DB_NAME=b",
        ["CLUSTER.HOST=a", "CLUSTER.DB_NAME=b"],
        ["3 warning: an indented line after a value; read as a line of its own"]),
      Row(
        "an indented known section", "[CLUSTER]\nHOST=a\n  [S3]\n  LOG_DATA=b",
        ["CLUSTER.HOST=a", "S3.LOG_DATA=b"],
        ["3 warning: an indented line after a value; read as a line of its own"]),
      Row(
        "a text that is indented throughout", "    [CLUSTER]\n    HOST=a\n    DB_NAME=b\n",
        ["CLUSTER.HOST=a", "CLUSTER.DB_NAME=b"]),
      Row(
        "a key twice", "[CLUSTER]\nHOST=a\nhost=b", ["CLUSTER.HOST=a"],
        ["3 error: host is set here and in line 2"]),
      Row(
        "a section twice", "[CLUSTER]\nHOST=a\n[CLUSTER]\nDB_NAME=b",
        ["CLUSTER.HOST=a", "CLUSTER.DB_NAME=b"],
        ["3 error: section [CLUSTER] stands here and in line 1"]),
      Row(
        "sections that differ in case", "[s3]\nLOG_DATA=a\n[S3]\nLOG_DATA=b\nSONG_DATA=c",
        ["s3.LOG_DATA=a", "S3.SONG_DATA=c"],
        [
          "3 warning: sections [s3] (line 1) and [S3] are read as one",
          "4 warning: LOG_DATA is set here and in line 2, which counts",
        ]),
      Row(
        "known keys before a section", "AWS_ACCESS_KEY_ID=<a>\nHOST=h",
        ["AWS.AWS_ACCESS_KEY_ID=<a>", "CLUSTER.HOST=h"],
        [
          "1 warning: AWS_ACCESS_KEY_ID stands before the first section; read as part of [AWS]",
          "2 warning: HOST stands before the first section; read as part of [CLUSTER]",
        ]),
      Row(
        "an unknown key before a section", "NAME=a\n[CLUSTER]\nHOST=h", ["CLUSTER.HOST=h"],
        ["1 error: a setting before the first section"]),
      Row(
        "headers",
        "[CLUSTER] # c\nHOST=a\n[ S3 ]\nLOG_DATA=b\n[AWS]junk\nREGION=c\n[DWH] \nDWH_DB=d",
        ["CLUSTER.HOST=a", "S3.LOG_DATA=b", "AWS.REGION=c", "DWH.DWH_DB=d"]),
      Row(
        "a header without its end", "[CLUSTER\nHOST=a\n[S3]\nLOG_DATA=b", ["S3.LOG_DATA=b"],
        ["1 error: a section without its ]"]),
      Row(
        "byte order mark, CR LF, no-break space",
        "\u{FEFF}[CLUSTER]\r\nHOST\u{A0}=\u{A0}a\u{A0}\r\n",
        ["CLUSTER.HOST=a"]),
      Row("CR alone", "[CLUSTER]\rHOST=a\rDB_NAME=b", ["CLUSTER.HOST=a", "CLUSTER.DB_NAME=b"]),
      Row(
        "a line for a shell", "[CLUSTER]\nexport HOST=a", [],
        ["2 error: a line for a shell: export"]),
      Row(
        "a quoted copy", "> [S3]\n> LOG_DATA=a", [],
        ["1 error: a line that begins with >", "2 error: a line that begins with >"]),
      Row(
        "a near name", "[CLUSTER]\nDB_PASWORD=<a>", ["CLUSTER.DB_PASWORD=<a>"],
        ["2 warning: unknown key DB_PASWORD in [CLUSTER]"]),
      Row(
        "an unknown section", "[CLUSTR]\nHOST=a\nDB_NAME=b", ["CLUSTR.HOST=a", "CLUSTR.DB_NAME=b"],
        ["1 warning: unknown section [CLUSTR]; its 2 keys are not read"]),
      Row(
        "keys by position", "[CLUSTER]\na=1\nb=2\nc=3\nd=4\ne=5",
        ["CLUSTER.a=1", "CLUSTER.b=2", "CLUSTER.c=3", "CLUSTER.d=4", "CLUSTER.e=5"],
        ["1 error: [CLUSTER] holds five keys, and none of their names is known"]),
      Row("an empty file", "", []),
    ])
  func readsValue(row: Row) {
    let file = parse(row.text)
    #expect(file.values == row.values)
    #expect(file.complaints == row.complaints)
  }

  @Test("every option knows its line, its column and its last line")
  func places() {
    let file = parse("# c\n[CLUSTER]\n  DB_USER  =  'a'\n    b\n\n    c\n  HOST=\n")
    #expect(file.options.map(\.line) == [3, 7])
    #expect(file.options.map(\.lastLine) == [6, 7])
    #expect(file.options.map(\.column) == [15, 8])
  }

  @Test("a line that is not UTF-8 is an error, and the lines around it are read")
  func invalidUTF8() {
    let bytes = Array("[CLUSTER]\nDB_USER=".utf8) + [0xE9, 0x0A] + Array("HOST=a".utf8)
    let file = ConfigurationFile(parsing: bytes, path: "dwh.cfg")
    #expect(file.values == ["CLUSTER.HOST=a"])
    #expect(file.complaints == ["2 error: a line that is not UTF-8"])
  }

  @Test("a file of UTF-16 is one error")
  func utf16() {
    let bytes: [UInt8] = [0xFF, 0xFE] + Array("[A]\nb=c\n".utf8).flatMap { [$0, 0] }
    let file = ConfigurationFile(parsing: bytes, path: "dwh.cfg")
    #expect(file.complaints == ["0 error: not a text file in UTF-8"])
  }

  @Test("references that turn in circles or multiply come to an end")
  func endlessReferences() throws {
    #expect(parse("[S3]\nLOG_DATA=%(LOG_DATA)s").options.count == 1)
    var text = "[S3]\nx0=" + String(repeating: "y", count: 1000) + "\n"
    for level in 1...30 {
      text += "x\(level)=" + String(repeating: "%(x\(level - 1))s", count: 10) + "\n"
    }
    let longest = parse(text).options.map { $0.text.reveal().utf8.count }.max()
    #expect(try #require(longest) <= 200_000)
  }

  @Test("what is wrong with all lines is told at once, with the name that was probably meant")
  func allAtOnce() throws {
    let folder = try ScratchFolder()
    let report = try folder.check(
      "[CLUSTER]\nHOTS=a\nDB_PORT=many\n[CONSOLE]\nTHEME=pink\nLOG_DATA=x\nFRAME_RATE=31\n")
    #expect(
      report.lines == [
        "dwh.cfg:2: warning: unknown key HOTS in [CLUSTER]",
        "dwh.cfg:3: error: wrong value \"many\" for CLUSTER.DB_PORT. "
          + "Use a whole number from 1 to 65535.",
        "dwh.cfg:5: error: wrong value \"pink\" for CONSOLE.THEME. Use auto, light or dark.",
        "dwh.cfg:6: warning: unknown key LOG_DATA in [CONSOLE]. LOG_DATA is read in [S3].",
        "dwh.cfg:7: error: wrong value \"31\" for CONSOLE.FRAME_RATE. "
          + "Use a whole number from 1 to 30.",
      ])
    let error = try #require(report.error)
    #expect(error.kind == .configuration)
    #expect(error.message == "could not use the configuration: 3 errors")
    #expect(error.detail?.split(separator: "\n").count == 3)
  }
}
