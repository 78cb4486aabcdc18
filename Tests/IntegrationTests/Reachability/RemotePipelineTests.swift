import Glibc
import Testing

@testable import Warehouse

@Suite("The pipeline on a server that is reached over TCP")
struct RemotePipelineTests {
  /// Where the program finds what it needs to connect.
  enum Way: CaseIterable, Sendable { case service, passwordFile, verifiedCertificate }

  @Test("gives the same star by each way of libpq's to name one", arguments: Way.allCases)
  func star(way: Way) async throws {
    let server = try await TLSServer.valid.value
    let warehouse = try await TestWarehouse(at: try await server.makeDatabase())
    let (words, environment) = try found(by: way, warehouse.settings)
    let run = try await Program.run(
      ["run"] + words + (try TwoStars.new.get().arguments), environment: environment)
    #expect(run.status == 0, "\(run.all)")
    #expect(try await warehouse.star() == TwoStars.stars().new)
    let asked = try await Program.run(
      [
        "query",
        """
        SELECT current_user AS login, inet_server_addr() IS NOT NULL AS tcp, ssl, count(*) AS plays
        FROM songplays, pg_stat_ssl WHERE pid = pg_backend_pid() GROUP BY 1, 2, 3
        """,
      ] + words, environment: environment)
    #expect(
      asked.output == "login,tcp,ssl,plays\r\nanalyst,t,\(way == .passwordFile ? "f" : "t"),15\r\n",
      "\(asked.errors)")
    let status = try await Program.run(["status", "--json"] + words, environment: environment)
    #expect(status.status == 0 && !status.all.contains(TLSServer.password), "\(status.all)")
  }

  private func found(
    by way: Way, _ settings: ConnectionSettings
  ) throws -> (words: [String], environment: [String: String]) {
    let file = try TemporaryFolder.make() + "/file"
    let (port, database) = (settings.port ?? 0, settings.database ?? "")
    let place = [
      "CLUSTER.HOST=127.0.0.1", "CLUSTER.DB_PORT=\(port)", "CLUSTER.DB_NAME=\(database)",
      "CLUSTER.DB_USER=analyst",
    ]
    let text: String
    var set: [String]
    var environment: [String: String] = [:]
    switch way {
    case .service:
      text = """
        [warehouse]
        host=127.0.0.1
        port=\(port)
        dbname=\(database)
        user=analyst
        password=\(TLSServer.password)
        sslmode=require

        """
      set = ["CLUSTER.SERVICE=warehouse"]
      environment["PGSERVICEFILE"] = file
    case .passwordFile:
      text = "127.0.0.1:\(port):*:analyst:\(TLSServer.password)\n"
      set = place + ["CLUSTER.PASSFILE=\(file)", "CLUSTER.SSLMODE=disable"]
    case .verifiedCertificate:
      text = "127.0.0.1:\(port):*:analyst:\(TLSServer.password)\n"
      set =
        place + ["CLUSTER.SSLMODE=verify-full"]
        + (settings.sslRootCertificate.map { ["CLUSTER.SSLROOTCERT=\($0)"] } ?? [])
      environment["PGPASSFILE"] = file
    }
    try FileSystem.write(Array(text.utf8), to: file, mode: 0o600)
    return (set.flatMap { ["--set", $0] }, environment)
  }
}
