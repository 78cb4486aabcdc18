/// The SQL files that are compiled into the program, by name.
enum SQLText {
  static let loadSongplays = text(PackageResources.songplays_load_sql)
  static let loadRepeatedSongplays = text(PackageResources.repeated_songplays_load_sql)
  static let loadUsers = text(PackageResources.users_load_sql)
  static let loadSongs = text(PackageResources.songs_load_sql)
  static let loadArtists = text(PackageResources.artists_load_sql)
  static let loadTime = text(PackageResources.time_load_sql)
  static let loadPlaysByHour = text(PackageResources.plays_by_hour_load_sql)
  static let loadPlaysByDay = text(PackageResources.plays_by_day_load_sql)
  static let loadPlaysBySong = text(PackageResources.plays_by_song_load_sql)
  static let loadPlaysByArtist = text(PackageResources.plays_by_artist_load_sql)
  static let loadSongCharts = text(PackageResources.song_charts_load_sql)
  static let loadPlaysByUser = text(PackageResources.plays_by_user_load_sql)
  static let loadLevelChanges = text(PackageResources.level_changes_load_sql)
  static let loadListenersByWeek = text(PackageResources.listeners_by_week_load_sql)
  static let loadSessionsByLength = text(PackageResources.sessions_by_length_load_sql)
  static let loadSessionsByUser = text(PackageResources.sessions_by_user_load_sql)
  static let loadPlayGroups = text(PackageResources.play_groups_load_sql)
  static let loadSongMonths = text(PackageResources.song_months_load_sql)
  static let loadMixedLevels = text(PackageResources.mixed_levels_load_sql)
  static let createOperations = text(PackageResources.ops_create_sql)
  static let selectGrants = text(PackageResources.grants_select_postgres_sql)
  static let selectComments = text(PackageResources.comments_select_postgres_sql)
  static let selectDependentViews = text(PackageResources.dependent_views_select_postgres_sql)
  static let browseTables = text(PackageResources.browse_tables_postgres_sql)
  static let browseColumns = text(PackageResources.browse_columns_postgres_sql)
  static let browseKeys = text(PackageResources.browse_keys_postgres_sql)
  static let browseIndexes = text(PackageResources.browse_indexes_postgres_sql)
  static let browseLinks = text(PackageResources.browse_links_postgres_sql)
  static let browseRedshiftTables = text(PackageResources.browse_tables_redshift_sql)
  static let browseRedshiftColumns = text(PackageResources.browse_columns_redshift_sql)
  static let selectRedshiftTableSizes = text(PackageResources.table_sizes_select_redshift_sql)
  static let selectRedshiftCatalogColumns = text(PackageResources.catalog_columns_redshift_sql)
  static let selectNames = text(PackageResources.names_select_sql)
  static let selectPrivileges = text(PackageResources.privileges_select_sql)
  static let selectFunctions = text(PackageResources.functions_select_sql)

  private static func text(_ bytes: [UInt8]) -> String {
    var text = String(decoding: bytes, as: UTF8.self)
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }
}
