using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Lposs.Bundles;
using Lposs.Encoders;
using Lposs.Tests.Support;
using Lposs.Tokenization;
using Lposs.Tools.Batch;
using Lposs.Tools.Import;
using Lposs.Tools.Import.Weights;
using Xunit;
using Xunit.Abstractions;

namespace Lposs.Tools.Tests.Readers;

/// <summary>
/// Every reader of files, on many damaged copies of a good one: it reads, or says in a sentence what is wrong. Any
/// other exception would reach a user as "unexpected failure". LPOSS_FUZZ_SECONDS makes each reader run longer.
/// </summary>
public sealed class MutatedFileTests(ITestOutputHelper log) : IDisposable
{
    private const double DefaultSeconds = 2;
    private const long MostBytes = 300 << 20;

    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(5);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static void Open(string path) => ClassList.Load(path);

    [Fact]
    public void Class_files() =>
        Mutate(
            "classes.json",
            Open,
            """
            [{"name": "sky", "prompts": ["sky", "clouds"], "id": 0, "colour": "#010203"}, {"name": "road", "id": 1}]
            """,
            """{"sky": ["sky", "clouds"], "road": "road"}""",
            """["sky", "road"]"""
        );

    [Fact]
    public void Text_classes() => Mutate("classes.txt", Open, "sky,clouds\r\nroad\n");

    [Fact]
    public void Templates() => Mutate("t.txt", path => PromptTemplates.Parse(path), "a photo of a {}.\nthe {}\n");

    [Fact]
    public void Arrays()
    {
        NpyFile.Write(_folder.At("seed.npy"), [3, 4], new float[12].AsSpan());
        NpyFile.Write(_folder.At("seed2.npy"), [2], new ushort[2].AsSpan());
        Mutate("x.npy", path => NpyFile.ReadSingle(path), File.ReadAllBytes(_folder.At("seed.npy")));
        Mutate("y.npy", path => NpyFile.ReadInt32(path), File.ReadAllBytes(_folder.At("seed2.npy")));
    }

    [Fact]
    public void Label_maps()
    {
        new LabelMap(20, 10, new ushort[200]).SavePng(_folder.At("seed.png"), Palette.Voc);
        ushort[] wide = [.. Enumerable.Range(0, 200).Select(i => (ushort)(i * 300))];
        new LabelMap(20, 10, wide).SavePng(_folder.At("seed2.png"), Palette.Voc);
        Mutate(
            "x.png",
            path => LabelMap.Load(path),
            File.ReadAllBytes(_folder.At("seed.png")),
            File.ReadAllBytes(_folder.At("seed2.png"))
        );
    }

    [Theory]
    [InlineData("baseline.jpg")]
    [InlineData("progressive.jpg")]
    [InlineData("animated.gif")]
    [InlineData("lossy.webp")]
    [InlineData("lzw.tif")]
    [InlineData("orientation6.tif")]
    [InlineData("still.avif")]
    public void Images(string sample) =>
        Mutate(
            "image",
            path => Image.Load(path, new ImageReadOptions { MaximumPixels = 1_000_000 }),
            Samples.Bytes(sample)
        );

    [Fact]
    public void Journals()
    {
        var settings = new BatchFingerprint(new Dictionary<string, string> { ["mode"] = "lposs" });
        using (var journal = Journal.Open(_folder.At("seed"), settings, startAnew: true, _ => { }))
            for (int i = 0; i < 3; i++)
                journal.Append(
                    new JournalEntry($"a{i}", 4, 3, new(5, DateTimeOffset.UnixEpoch, "11"), [new("x.png", 7, "00")])
                );
        Mutate("journal.jsonl", path => Journal.Read(path, _ => { }), File.ReadAllBytes(_folder.At("seed")));
    }

    [Theory]
    [InlineData("run-0-of-2.json")]
    [InlineData("errors-0-of-2.jsonl")]
    [InlineData("journal-1-of-2.jsonl")]
    public void Parts_of_a_batch(string file)
    {
        const string Report = """
            {"versions": {"lposs": "0"}, "settings": {"shard": "0/2", "formats": "coco"}, "device": "d", "backend": "b",
             "inputs": 1, "done_before": 0, "done": 1, "failed": 1, "is_complete": true, "seconds": 1.5,
             "left_out": [], "device_reason": "", "memory_budget": 1,
             "stages": [{"name": "decode", "workers": 1, "images": 1, "busy_seconds": 0.5}],
             "memory_budget_peak": 1, "peak_memory": 1, "warnings": []}
            """;
        string state = Directory.CreateDirectory(_folder.At(".lposs")).FullName;
        File.WriteAllText(_folder.At("classes.json"), """["sky"]""");
        var settings = new BatchFingerprint(new Dictionary<string, string> { ["shard"] = "0/2" });
        for (int part = 0; part < 2; part++)
        {
            using var journal = Journal.Open(
                Path.Combine(state, $"journal-{part}-of-2.jsonl"),
                settings,
                true,
                _ => { }
            );
            File.WriteAllText(Path.Combine(state, $"run-{part}-of-2.json"), Report);
            File.WriteAllText(
                Path.Combine(state, $"errors-{part}-of-2.jsonl"),
                """{"name": "a", "stage": "decode", "reason": "r"}""" + "\n"
            );
        }
        string path = Path.Combine(state, file);
        Mutate(Path.Combine(".lposs", file), _ => ShardMerge.Run(_folder.Root), File.ReadAllBytes(path));
    }

    [Fact]
    public void Manifests()
    {
        using var bundle = new TestBundle();
        byte[] seed = File.ReadAllBytes(bundle.PathOf(ModelBundle.ManifestName));
        Mutate(
            "unused",
            path =>
            {
                File.Copy(path, bundle.PathOf(ModelBundle.ManifestName), overwrite: true);
                ModelBundle.Open(bundle.Folder);
            },
            seed
        );
    }

    [Fact]
    public void Weights()
    {
        Mutate(
            "w.safetensors",
            path =>
            {
                using var weights = WeightSet.Open(path);
            },
            SmallWeights()
        );
    }

    [Fact]
    public void Configurations_and_indices()
    {
        Mutate(
            "open_clip_config.json",
            path => ClipConfiguration.Read(path),
            """
            {"model_cfg": {"embed_dim": 512, "quick_gelu": true, "vision_cfg":
             {"image_size": 224, "layers": 12, "width": 768, "patch_size": 16}, "text_cfg": {"context_length": 77,
             "vocab_size": 49408, "width": 512, "heads": 8, "layers": 12}},
             "preprocess_cfg": {"mean": [0.4, 0.4, 0.4], "std": [0.2, 0.2, 0.2]}}
            """
        );
        File.WriteAllBytes(_folder.At("w.safetensors"), SmallWeights());
        Mutate(
            "model.safetensors.index.json",
            path =>
            {
                using var weights = WeightFiles.Open(path);
            },
            """{"metadata": {"total_size": 1}, "weight_map": {"a": "w.safetensors"}}"""
        );
    }

    [Fact]
    public void Vocabularies()
    {
        Mutate(
            "vocab.json",
            path => BytePairVocabulary.ReadPair(path, _folder.At("merges.txt"), "<s>", "</s>"),
            () => File.WriteAllText(_folder.At("merges.txt"), "#version: 0.2\na b</w>\n"),
            JsonSerializer.SerializeToUtf8Bytes(
                BytePairVocabulary
                    .ByteSymbols.Concat(BytePairVocabulary.ByteSymbols.Select(symbol => symbol + "</w>"))
                    .Concat(["ab</w>", "<s>", "</s>"])
                    .Select((symbol, id) => (symbol, id))
                    .ToDictionary(entry => entry.symbol, entry => entry.id)
            )
        );
        Mutate("list.txt.gz", path => BytePairVocabulary.ReadList(path, "<s>", "</s>", 1), "#version: 0.2\na b</w>\n");
    }

    private static byte[] SmallWeights()
    {
        byte[] header = Encoding.UTF8.GetBytes(
            """
            {"a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},
             "b":{"dtype":"F16","shape":[4],"data_offsets":[16,24]}}
            """
        );
        return [.. BitConverter.GetBytes((long)header.Length), .. header, .. new byte[24]];
    }

    private void Mutate(string name, Action<string> read, params string[] seeds) =>
        Mutate(name, read, [.. seeds.Select(Encoding.UTF8.GetBytes)]);

    private void Mutate(string name, Action<string> read, params byte[][] seeds) =>
        Mutate(name, read, () => { }, seeds);

    private void Mutate(string name, Action<string> read, Action prepare, params byte[][] seeds)
    {
        double seconds = double.TryParse(
            Environment.GetEnvironmentVariable("LPOSS_FUZZ_SECONDS"),
            CultureInfo.InvariantCulture,
            out double given
        )
            ? given
            : DefaultSeconds;
        int seed = given > 0 ? Environment.TickCount : 19;
        var random = new Random(seed);
        prepare();
        string path = _folder.At(name);
        foreach (byte[] good in seeds)
        {
            File.WriteAllBytes(path, good);
            read(path);
        }
        long start = Stopwatch.GetTimestamp();
        int count = 0,
            refused = 0;
        for (; Stopwatch.GetElapsedTime(start).TotalSeconds < seconds; count++)
        {
            byte[] damaged = Damage(seeds[random.Next(seeds.Length)], random);
            File.WriteAllBytes(path, damaged);
            long before = Stopwatch.GetTimestamp(),
                bytes = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                read(path);
            }
            catch (Exception error) when (error is LpossException or IOException)
            {
                refused++;
                Assert.False(string.IsNullOrWhiteSpace(error.Message));
            }
            catch (Exception error)
            {
                Assert.Fail($"{name}, seed {seed}, copy {count}: {error}\n{Convert.ToBase64String(damaged)}");
            }
            Assert.True(Stopwatch.GetElapsedTime(before) < s_longest, $"{name}, seed {seed}, copy {count}: too long");
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - bytes < MostBytes, $"{name}, copy {count}: too much");
        }
        log.WriteLine($"{name}: {count} copies, {refused} of them refused");
        Assert.True(refused > 0, "no damage was noticed");
    }

    /// <summary>A few bytes changed, inserted, removed, repeated or cut off.</summary>
    private static byte[] Damage(byte[] seed, Random random)
    {
        var bytes = new List<byte>(seed);
        string[] tokens = ["null", "-1", "1e999", "[]", "{}", "\"\"", "99999999999999999999", "\\ud800", "\0", ","];
        for (int change = random.Next(1, 5); change > 0 && bytes.Count > 0; change--)
        {
            int at = random.Next(bytes.Count),
                length = Math.Min(random.Next(1, 9), bytes.Count - at);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(tokens[random.Next(tokens.Length)]));
                    break;
                case 3:
                    bytes.RemoveRange(at, length);
                    break;
                case 4:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                default:
                    if (random.Next(4) == 0)
                        bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
        }
        return [.. bytes];
    }
}
