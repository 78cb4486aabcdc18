extension ColumnKind {
  /// The kind of a type by its number in `pg_type`, which is fixed for built-in types
  /// (PostgreSQL's `pg_type.dat`; Redshift's SUPER is 4000).
  init(typeID: UInt32) {
    switch typeID {
    case 20, 21, 23, 26: self = .integer  // int8, int2, int4, oid
    case 700, 701, 1700: self = .number  // float4, float8, numeric
    case 18, 19, 25, 1042, 1043: self = .text  // "char", name, text, char(n), varchar(n)
    case 16: self = .boolean
    case 1114, 1184: self = .timestamp  // without and with time zone; the session's is UTC
    case 1082: self = .date
    case 114, 3802, 4000: self = .json  // json, jsonb, super
    default: self = .other
    }
  }
}
