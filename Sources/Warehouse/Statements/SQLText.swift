/// The SQL files that are compiled into the program, by name.
enum SQLText {
  static let loadSongplays = text(PackageResources.songplays_load_sql)
  static let loadUsers = text(PackageResources.users_load_sql)
  static let loadSongs = text(PackageResources.songs_load_sql)
  static let loadArtists = text(PackageResources.artists_load_sql)
  static let loadTime = text(PackageResources.time_load_sql)
  static let createOperations = text(PackageResources.ops_create_sql)
  static let selectGrants = text(PackageResources.grants_select_postgres_sql)
  static let selectComments = text(PackageResources.comments_select_postgres_sql)
  static let selectDependentViews = text(PackageResources.dependent_views_select_postgres_sql)
  static let selectNames = text(PackageResources.names_select_sql)
  static let selectFunctions = text(PackageResources.functions_select_sql)

  private static func text(_ bytes: [UInt8]) -> String {
    var text = String(decoding: bytes, as: UTF8.self)
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }
}
