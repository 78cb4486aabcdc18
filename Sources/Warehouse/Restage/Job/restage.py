"""Packs JSON records of many files into few equal compressed ones, with PySpark.

The same as `sparkify run restage`, for sources that outgrow one machine: each record goes out as
its text stands in the source, on a line of its own; what is no record goes into quarantine with
its file, line and reason; the manifests are written last, so that a place without them is one of
a job that did not end. Nothing is ever overwritten.

  spark-submit restage.py --source events=ADDRESS --source songs=ADDRESS --output ADDRESS
               --files N [--compression gzip|zstd] [--max-rejects N] [--max-record-bytes N]

Addresses are folders as Spark takes them, file:///… or s3://…. Runs on Spark 3.5 and later.
"""

import argparse
import json
import re
import threading
import time
import zlib
from urllib.parse import quote, unquote

from pyspark.sql import SparkSession, functions as F
from pyspark.sql.types import BooleanType, LongType, StringType, StructField, StructType

# -- What a record is --------------------------------------------------------------------------

# What is found in files whose lines are not records one by one. `_corrupt_record` is what could
# not be read, and `record` is null there; of a good record it is the other way round.
FOUND = StructType([
    StructField("file", StringType(), False),
    StructField("line", LongType(), False),
    StructField("byte_offset", LongType(), False),
    StructField("record", StringType(), True),
    StructField("_corrupt_record", StringType(), True),
    StructField("reason", StringType(), True),
    StructField("is_cut", BooleanType(), True),
])

BLANKS = " \t\r\n"
RAW_LIMIT = 4096
# Bytes that are no UTF-8, as Python keeps them in text.
STRAY_BYTES = re.compile("[\udc80-\udcff]")
BREAKS = re.compile("[\r\n]+[ \t\r\n]*")


def _no_number(word):
    raise ValueError("a number is not written as JSON has it")


_decoder = None


def read_value(text, place=0):
    """The JSON value that begins at a place, and where it ends."""
    global _decoder
    if _decoder is None:
        # Made where it is used: Spark cannot send it. Numbers stay text, of any length.
        _decoder = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=_no_number)
    return _decoder.raw_decode(text, place)


def line_problem(line):
    """Why a line is not exactly one record; None when it is."""
    try:
        value, end = read_value(line)
    except (ValueError, RecursionError):
        return "broken"
    if not isinstance(value, dict) or end != len(line) or "\ufffd" in line:
        return "not one object"
    return None


def _one_line(text):
    """The record without line breaks and the blanks that follow them."""
    return BREAKS.sub("", text) if "\n" in text or "\r" in text else text


def _extent(text, start, column):
    """Where a broken record ends: at its last bracket, or where another record must begin."""
    depth, place, in_string, last = 0, start, False, ""
    while place < len(text):
        letter = text[place]
        if letter == "\n":
            after = place + 1
            while after < len(text) and text[after] in " \t\r":
                after += 1
            begins = after < len(text) and text[after] in "{["
            if begins and (last in "}]" or after - place - 1 <= column):
                return place + 1, True
            in_string = False
        elif in_string:
            if letter == "\\" and text[place + 1:place + 2] != "\n":
                place += 1
            in_string = letter != '"'
        elif letter == '"':
            in_string = True
        elif letter in "{[":
            depth += 1
        elif letter in "}]":
            depth -= 1
            if depth == 0:
                return place + 1, False
        if letter not in BLANKS:
            last = letter
        place += 1
    return len(text), True


def _rest_of_line(text, start):
    newline = text.find("\n", start)
    return len(text) if newline < 0 else newline


def split(content, max_record_bytes):
    """The records in a file's bytes, whatever lies between them, and what is none.

    Gives (line, byte offset, record, corrupt text, reason) for each.
    """
    mark = 3 if content.startswith(b"\xef\xbb\xbf") else 0
    text = content[mark:].decode("utf-8", "surrogateescape")
    in_array = after_closer = after_newline = False
    place = line = line_start = counted = offset = 0
    while True:
        # Between records: blanks, commas and the brackets of an array of records.
        while place < len(text):
            letter = text[place]
            if letter == "\n":
                after_newline = True
            elif letter in "{[":
                if after_closer and after_newline:
                    in_array = False
                if letter == "{" or in_array:
                    break
                in_array, after_closer, after_newline = True, False, False
            elif letter == "]":
                in_array, after_closer, after_newline = False, True, False
            elif letter == ",":
                after_closer = after_newline = False
            elif letter not in " \t\r":
                break
            place += 1
        skipped = text[counted:place]
        line += skipped.count("\n")
        offset += len(skipped.encode("utf-8", "surrogateescape"))
        counted = place
        if place == len(text):
            if in_array:
                yield (line + 1, offset + mark, None, "",
                       "broken JSON: the file ends inside an array of records")
            return
        line_start = text.rfind("\n", 0, place) + 1
        reason = None
        try:
            value, end = read_value(text, place)
            if not isinstance(value, dict):
                kind = "an array in an array" if isinstance(value, list) else "a bare value"
                reason = "not an object: " + kind
        except (ValueError, RecursionError) as error:
            if text[place] in "{[":
                end, is_incomplete = _extent(text, place, place - line_start)
                reason = ("broken JSON: the record is not complete" if is_incomplete
                          else "broken JSON: " + str(error).split(":")[0].lower())
            else:
                end, reason = _rest_of_line(text, place), "broken JSON: not an object"
        raw = text[place:end]
        size = len(raw.encode("utf-8", "surrogateescape"))
        if reason is None and STRAY_BYTES.search(raw):
            reason = "invalid UTF-8"
        if reason is None and size > max_record_bytes:
            reason = "longer than %d bytes, the most that a record may have" % max_record_bytes
        if reason is None:
            yield (line + 1, offset + mark, _one_line(raw), None, None)
        else:
            shown = raw.rstrip(BLANKS).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
            yield (line + 1, offset + mark, None, shown, reason)
        place = max(end, place + 1)
        ends_with_newline = text[place - 1] == "\n"
        after_closer = text[place - 1] in "}]" or (
            ends_with_newline and raw.rstrip(BLANKS)[-1:] in ("}", "]"))
        after_newline = ends_with_newline


def split_file(path, content, max_record_bytes):
    """The rows of a whole file; compressed ones by their names."""
    damage = None
    shown = re.sub("^file:/+", "/", path)
    if path.lower().endswith(".gz"):
        content, damage = _unzipped(bytes(content))
    elif path.lower().endswith(".zst"):
        content, damage = b"", "a zstd file must have one record a line here"
    found = list(split(bytes(content), max_record_bytes))
    if damage and found and found[-1][4] == "broken JSON: the record is not complete":
        found.pop()
    if damage:
        found.append((0, len(content), None, "", damage))
    for line, offset, record, corrupt, reason in found:
        cut = corrupt is not None and len(corrupt) > RAW_LIMIT
        yield (shown, line, offset, record, corrupt[:RAW_LIMIT] if cut else corrupt, reason, cut)


def _unzipped(content):
    """What a gzip archive holds, as far as it can be read, and what is wrong with it."""
    parts, rest = [], content
    while rest:
        member = zlib.decompressobj(31)
        try:
            parts.append(member.decompress(rest))
        except zlib.error:
            return b"".join(parts), "the gzip archive could not be decompressed"
        if not member.eof:
            return b"".join(parts), "the gzip archive ends early"
        rest = member.unused_data.lstrip(b"\0")
    return b"".join(parts), None


# -- Files by their names, and addresses -------------------------------------------------------

NAMES = "*.{[jJ][sS][oO][nN],[jJ][sS][oO][nN][lL],[gG][zZ],[zZ][sS][tT]}"
# As the program has it: no name that begins with a dot or an underscore, and of archives those of
# JSON, or of nothing that the name says.
DATA_NAME = r"(?i)(\.(json|jsonl)|(^|/)[^/.]+\.(gz|zst)|\.(json|jsonl|[0-9]+)\.(gz|zst))$"
HIDDEN = r"(^|/)[._]"


class Place:
    """Files through Hadoop, which knows folders and buckets."""

    def __init__(self, spark, address):
        self.jvm = spark._jvm
        self.address = address.rstrip("/")
        self.path = self.jvm.org.apache.hadoop.fs.Path(self.address)
        self.files = self.path.getFileSystem(spark._jsc.hadoopConfiguration())
        # On a disk, Hadoop would put a checksum's file beside each.
        self.files.setWriteChecksum(False)

    def child(self, name):
        return self.jvm.org.apache.hadoop.fs.Path(self.address + "/" + name)

    def url(self, name):
        address = self.address + "/" + name
        return quote(address, safe="/:") if address.startswith("file:") else address

    def exists(self):
        return self.files.exists(self.path)

    def is_file(self):
        return self.files.getFileStatus(self.path).isFile()

    def list(self, name):
        return [(status.getPath().getName(), status.getLen())
                for status in self.files.listStatus(self.child(name)) if status.isFile()]

    def write(self, name, text):
        stream = self.files.create(self.child(name), False)
        try:
            stream.write(bytearray(text.encode("utf-8")))
        finally:
            stream.close()

    def remove(self):
        self.files.delete(self.path, True)


# -- The job -----------------------------------------------------------------------------------

def tell(**members):
    """One line for whoever watches."""
    print(json.dumps(members), flush=True)


class Restage:
    def __init__(self, spark, options):
        self.spark = spark
        self.options = options
        self.output = Place(spark, options.output)
        self.limit = options.max_record_bytes
        self.rejects = 0
        self.keeps = False

    def run(self):
        if self.output.exists():
            raise SystemExit("could not restage: something lies at " + self.output.address)
        try:
            summary = {kind: self.restage(kind, source) for kind, source in self.options.source}
            if self.rejects > self.options.max_rejects:
                # Whoever started this reads what was set aside, and then removes the place.
                self.keeps = True
                raise SystemExit("could not accept %d rejects: %d are allowed"
                                 % (self.rejects, self.options.max_rejects))
            self.finish(summary)
        except BaseException:
            if not self.keeps:
                self.output.remove()
            raise

    def restage(self, kind, source):
        tell(log="reading " + source, stage=kind)
        lines = self.lines(source)
        problem = F.udf(line_problem, StringType())
        judged = lines.withColumn("problem", problem("text"))
        odd_files = [row.file for row in
                     judged.where("problem is not null").select("file").distinct().collect()]
        good = lines.select("file", "text")
        found = self.spark.createDataFrame([], FOUND)
        if odd_files:
            tell(log="%d files are not one record a line" % len(odd_files), stage=kind)
            names = self.spark.createDataFrame([(name,) for name in odd_files], "file string")
            good = good.join(F.broadcast(names), "file", "left_anti")
            found = self.found(odd_files)
        records = good.select(F.col("text").alias("value")).unionByName(
            found.where("reason is null").select(F.col("record").alias("value")))
        self.write(kind, records)
        rejects = self.quarantine(kind, found.where("reason is not null")) if odd_files else 0
        self.rejects += rejects
        files = sorted((name, size) for name, size in self.output.list(kind)
                       if name.startswith("part-"))
        count = self.count(kind)
        tell(log="%s: %d records in %d files" % (kind, count, len(files)), stage=kind,
             records=count, rejects=rejects)
        if count == 0:
            raise SystemExit("could not find a record in " + source)
        return {"source": self.options.named.get(kind, source), "files": files,
                "records": count, "rejects": rejects,
                "compression": self.options.compression}

    def lines(self, source):
        """The lines of all data files that are not blank, trimmed, with their files."""
        reader = self.spark.read
        if not Place(self.spark, source).is_file():
            reader = (reader.option("recursiveFileLookup", "true")
                      .option("pathGlobFilter", NAMES))
        lines = reader.text(source).select(
            F.col("_metadata.file_path").alias("file"),
            F.expr("trim(BOTH ' \t' FROM value)").alias("text"))
        if not Place(self.spark, source).is_file():
            root = len(Place(self.spark, source).path.toUri().getRawPath()) + 1
            below = F.expr("substring(parse_url(file, 'PATH'), %d)" % (root + 1))
            lines = lines.where(below.rlike(DATA_NAME) & ~below.rlike(HIDDEN))
        return lines.where(F.col("text") != "")

    def found(self, files):
        """Everything in files whose lines are not records one by one."""
        limit = self.limit
        paths = [unquote(name) for name in files]
        whole = self.spark.read.format("binaryFile").load(paths).select("path", "content")
        rows = whole.rdd.flatMap(lambda row: split_file(row.path, row.content, limit))
        return self.spark.createDataFrame(rows, FOUND).cache()

    def write(self, kind, records):
        (records.repartition(self.options.files).write.mode("error")
         .option("compression", {"gzip": "gzip", "zstd": "zstd"}[self.options.compression])
         .text(self.output.address + "/" + kind))

    def quarantine(self, kind, bad):
        rejects = bad.count()
        if rejects:
            (bad.coalesce(1).sortWithinPartitions("file", "byte_offset")
             .select(F.to_json(F.struct(
                 "file", "line", "byte_offset", "reason",
                 F.col("_corrupt_record").alias("record"), "is_cut")))
             .write.mode("error").text(self.output.address + "/" + kind + "/_quarantine"))
        return rejects

    def count(self, kind):
        return self.spark.read.text(self.output.address + "/" + kind + "/part-*").count()

    def finish(self, summary):
        """Writes what makes the data count."""
        told = {kind: dict(facts, files=len(facts["files"])) for kind, facts in summary.items()}
        self.output.write("_run.json", json.dumps(told))
        for kind, facts in summary.items():
            entries = [{"url": self.output.url(kind + "/" + name), "mandatory": True,
                        "meta": {"content_length": size}} for name, size in facts["files"]]
            self.output.write(kind + "/_manifest.json", json.dumps({"entries": entries}))


def watch(spark):
    """Tells how far the running stages are, from a thread of its own."""
    tracker = spark.sparkContext.statusTracker()
    last = None
    while True:
        stages = [tracker.getStageInfo(number) for number in tracker.getActiveStageIds()]
        stages = [stage for stage in stages if stage]
        now = (sum(stage.numCompletedTasks for stage in stages),
               sum(stage.numTasks for stage in stages))
        if stages and now != last:
            tell(tasks=now[0], of=now[1])
            last = now
        time.sleep(1)


def arguments():
    parser = argparse.ArgumentParser(description="Packs JSON records into few equal files.")
    pair = lambda text: tuple(text.split("=", 1))
    parser.add_argument("--source", action="append", required=True, type=pair)
    parser.add_argument("--name", action="append", default=[], type=pair,
                        help="what the summary calls a source")
    parser.add_argument("--output", required=True)
    parser.add_argument("--files", required=True, type=int)
    parser.add_argument("--compression", choices=["gzip", "zstd"], default="gzip")
    parser.add_argument("--max-rejects", type=int, default=0)
    parser.add_argument("--max-record-bytes", type=int, default=16 << 20)
    options = parser.parse_args()
    options.named = dict(options.name)
    return options


def main():
    options = arguments()
    spark = (SparkSession.builder.appName("sparkify restage")
             .config("spark.hadoop.mapreduce.fileoutputcommitter.marksuccessfuljobs", "false")
             .getOrCreate())
    spark.sparkContext.setLogLevel("ERROR")
    threading.Thread(target=watch, args=(spark,), daemon=True).start()
    Restage(spark, options).run()
    tell(done=True)
    spark.stop()


if __name__ == "__main__":
    main()
