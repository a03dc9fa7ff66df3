using System.Text.Json;
using Lposs.Files;
using Lposs.Json;

namespace Lposs.Tools.Downloads;

/// <summary>
/// The sizes and hashes that files had when they were fetched first, by address: <c>hashes.json</c> in the cache. Where
/// the registry knows no hash, later fetches are verified against it.
/// </summary>
internal sealed class HashRecords
{
    private const int Schema = 1;
    private const long MaxBytes = 4 << 20;

    private readonly Dictionary<string, FetchedFile> _files = [];

    /// <exception cref="LpossException">The file is there and cannot be read.</exception>
    public HashRecords(string path)
    {
        Path = path;
        if (!File.Exists(path))
            return;
        using var json = JsonFile.Read(path, MaxBytes, LpossErrorCode.DownloadFailed);
        var reader = JsonObjectReader.Of(json, path, LpossErrorCode.DownloadFailed);
        reader.Integer("schema", Schema, Schema);
        var files = reader.Object("files");
        reader.RejectUnknown();
        foreach (string address in files.Names)
        {
            var file = files.Object(address);
            var record = new FetchedFile(file.Size("bytes"), file.Text("sha256"));
            file.RejectUnknown();
            if (!RegistryFile.IsHash(record.Sha256))
                throw file.Error("sha256", $"is '{record.Sha256}'; it must be 64 lower-case hexadecimal digits.");
            _files.Add(address, record);
        }
    }

    /// <summary>Where the records lie.</summary>
    public string Path { get; }

    /// <summary>What the file at an address was, if it was ever fetched.</summary>
    public FetchedFile? Find(Uri address) => _files.GetValueOrDefault(address.AbsoluteUri);

    /// <summary>Records what it was.</summary>
    public void Add(Uri address, FetchedFile file)
    {
        _files[address.AbsoluteUri] = file;
        AtomicFile.Write(
            Path,
            stream =>
            {
                using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
                writer.WriteStartObject();
                writer.WriteNumber("schema", Schema);
                writer.WriteStartObject("files");
                foreach (var (name, record) in _files.OrderBy(file => file.Key, StringComparer.Ordinal))
                {
                    writer.WriteStartObject(name);
                    writer.WriteNumber("bytes", record.Bytes);
                    writer.WriteString("sha256", record.Sha256);
                    writer.WriteEndObject();
                }
                writer.WriteEndObject();
                writer.WriteEndObject();
            }
        );
    }
}
