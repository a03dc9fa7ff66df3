using System.Formats.Tar;
using System.Globalization;
using Lposs.Files;
using Lposs.Imaging;

namespace Lposs.Tools.Formats;

/// <summary>
/// "webdataset": webdataset/shard-000000.tar and so on, 1,000 images each, with KEY.png, the label map, and KEY.json.
/// KEY is the image's name without extension; points in its last part become "_", since a key ends at its first point.
/// </summary>
internal sealed class WebDatasetFormat(Palette palette) : ICollectionFormat
{
    private const int ImagesInShard = 1000;

    public string Name => "webdataset";

    public ResultNeeds Needs => ResultNeeds.None;

    public IReadOnlyList<string> Paths(string stem) =>
        [
            StemPath.Of(StemPath.Fragments + "webdataset/", KeyOf(stem), ".png"),
            StemPath.Of(StemPath.Fragments + "webdataset/", KeyOf(stem), ".json"),
        ];

    public IReadOnlyList<ResultFile> Encode(string stem, string inputName, Image image, SegmentationResult result)
    {
        var paths = Paths(stem);
        using var png = new MemoryStream();
        LabelPng.Write(png, result.Labels, palette);
        byte[] about = CollectionJson.Text(json =>
        {
            json.WriteStartObject();
            json.WriteString("name", inputName);
            json.WriteNumber("width", result.Labels.Width);
            json.WriteNumber("height", result.Labels.Height);
            json.WriteStartArray("classes");
            foreach (var region in ClassRegion.Of(result.Labels))
                json.WriteNumberValue(region.Id);
            json.WriteEndArray();
            json.WriteEndObject();
        });
        return [ResultFile.Of(paths[0], png), new ResultFile(paths[1], about)];
    }

    public void Assemble(string folder, IEnumerable<FinishedImage> images, ClassList classes)
    {
        string shards = Path.Combine(folder, "webdataset");
        Directory.CreateDirectory(shards);
        using var image = images.GetEnumerator();
        int count = 0;
        for (bool hasNext = image.MoveNext(); hasNext; count++)
        {
            AtomicFile.Write(
                ShardPath(shards, count),
                stream =>
                {
                    using var tar = new TarWriter(stream, TarEntryFormat.Gnu, leaveOpen: true);
                    for (int i = 0; i < ImagesInShard && hasNext; i++, hasNext = image.MoveNext())
                        Add(tar, folder, image.Current.Stem);
                }
            );
        }
        // What an earlier run of more images left.
        for (; File.Exists(ShardPath(shards, count)); count++)
            File.Delete(ShardPath(shards, count));
    }

    private static string KeyOf(string stem)
    {
        stem = StemPath.Of("", stem, "");
        int name = stem.LastIndexOf('/') + 1;
        return stem[..name] + stem[name..].Replace('.', '_');
    }

    private static string ShardPath(string folder, int index) =>
        Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"shard-{index:000000}.tar"));

    private void Add(TarWriter tar, string folder, string stem)
    {
        foreach (string path in Paths(stem))
        {
            using var contents = File.OpenRead(StemPath.In(folder, path));
            // Not PAX: .NET puts the process's number into the names of its headers.
            tar.WriteEntry(
                new GnuTarEntry(TarEntryType.RegularFile, KeyOf(stem) + Path.GetExtension(path))
                {
                    DataStream = contents,
                    ModificationTime = DateTimeOffset.UnixEpoch,
                    Mode =
                        UnixFileMode.UserRead
                        | UnixFileMode.UserWrite
                        | UnixFileMode.GroupRead
                        | UnixFileMode.OtherRead,
                    Uid = 0,
                    Gid = 0,
                }
            );
        }
    }
}
