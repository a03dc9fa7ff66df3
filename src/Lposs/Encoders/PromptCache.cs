using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Lposs.Files;

namespace Lposs.Encoders;

/// <summary>
/// Embeddings of prompts in a folder, a file for each, so that a text encoder need not run again for a prompt that it
/// saw in an earlier process. Any number of threads and processes may use one folder: files appear whole. A file that
/// is damaged counts as missing and is written anew. When they take more than <see cref="MostBytes"/>, those that were
/// not used longest go. The bytes of a result do not depend on the cache.
/// </summary>
public sealed class PromptCache
{
    /// <summary>What the files of a cache may take by default: 256 MiB.</summary>
    public const long DefaultMostBytes = 256L << 20;

    private const string Ending = ".prompt";
    private const int HeadBytes = 12; // Magic, numbers in the vector, 1 where the prompt was cut.
    private const uint Magic = 0x3150_504C; // "LPP1"
    private const int MostFileBytes = 1 << 20;

    /// <summary>A cache in a folder; it need not be there.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="mostBytes">What its files may take; 0 or more.</param>
    public PromptCache(string folder, long mostBytes = DefaultMostBytes)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentOutOfRangeException.ThrowIfNegative(mostBytes);
        Folder = Path.GetFullPath(folder);
        MostBytes = mostBytes;
    }

    /// <summary>The folder, as a full path.</summary>
    public string Folder { get; }

    /// <summary>What its files may take.</summary>
    public long MostBytes { get; }

    /// <summary>$XDG_CACHE_HOME/lposs/prompts, or ~/.cache/lposs/prompts where that is not set or not a full
    /// path.</summary>
    public static string DefaultFolder => Path.Combine(UserCache.Folder, "prompts");

    /// <summary>Why embeddings could not be written, in one sentence; null where they could. Results do not depend on
    /// it.</summary>
    public string? Problem { get; private set; }

    /// <summary>How many prompts the cache holds, and the bytes of their files.</summary>
    public (int Prompts, long Bytes) Measure()
    {
        var files = Entries();
        return (files.Count, files.Sum(file => file.Length));
    }

    /// <summary>Removes every prompt, and nothing else that may lie in the folder.</summary>
    /// <exception cref="IOException">A file cannot be removed.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be removed.</exception>
    public void Clear()
    {
        foreach (var file in Entries())
            file.Delete();
        AtomicFile.RemoveLeftovers(Folder, withFoldersBelow: false);
    }

    internal PromptEmbedding? Find(PromptCacheKey key, string prompt)
    {
        byte[] hash = key.With(prompt);
        string path = PathOf(hash);
        try
        {
            if (!File.Exists(path))
                return null;
            byte[] contents = SmallFile.ReadBytes(path, MostFileBytes, LpossErrorCode.InvalidBundle);
            if (Read(contents, hash) is not { } known)
                return null;
            Touch(path);
            return known;
        }
        catch (LpossException)
        {
            // What cannot be read is not known: it is computed.
            return null;
        }
    }

    internal void Add(PromptCacheKey key, IEnumerable<(string Prompt, PromptEmbedding Embedding)> prompts)
    {
        if (Problem is not null)
            return;
        try
        {
            MakeFolder();
            foreach (var (prompt, embedding) in prompts)
            {
                byte[] hash = key.With(prompt);
                byte[] contents = Contents(embedding, hash);
                AtomicFile.Write(PathOf(hash), stream => stream.Write(contents));
            }
            Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Problem = $"the embeddings of prompts could not be kept in {Folder}: {error.Message}";
        }
    }

    /// <summary>The head, the vector, and the SHA-256 of both behind what the file is for.</summary>
    private static byte[] Contents(PromptEmbedding embedding, byte[] hash)
    {
        var values = MemoryMarshal.AsBytes(embedding.Values.AsSpan());
        byte[] contents = new byte[HeadBytes + values.Length + hash.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(contents, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(contents.AsSpan(4), embedding.Values.Length);
        BinaryPrimitives.WriteInt32LittleEndian(contents.AsSpan(8), embedding.IsCut ? 1 : 0);
        values.CopyTo(contents.AsSpan(HeadBytes));
        Seal(contents, hash).CopyTo(contents, HeadBytes + values.Length);
        return contents;
    }

    private static byte[] Seal(ReadOnlySpan<byte> contents, byte[] hash) =>
        SHA256.HashData([.. hash, .. contents[..^hash.Length]]);

    /// <summary>The embedding in a file; null where the file is damaged or another prompt's.</summary>
    private static PromptEmbedding? Read(ReadOnlySpan<byte> contents, byte[] hash)
    {
        if (contents.Length <= HeadBytes + hash.Length || BinaryPrimitives.ReadUInt32LittleEndian(contents) != Magic)
            return null;
        int dimensions = BinaryPrimitives.ReadInt32LittleEndian(contents[4..]);
        var values = contents[HeadBytes..^hash.Length];
        if (values.Length != dimensions * (long)sizeof(float))
            return null;
        if (!contents[^hash.Length..].SequenceEqual(Seal(contents, hash)))
            return null;
        return new PromptEmbedding(
            MemoryMarshal.Cast<byte, float>(values).ToArray(),
            BinaryPrimitives.ReadInt32LittleEndian(contents[8..]) != 0
        );
    }

    /// <summary>The time of a file is that of its latest use.</summary>
    private static void Touch(string path)
    {
        try
        {
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Somebody else's cache can be read all the same.
        }
    }

    private void MakeFolder()
    {
        if (Directory.Exists(Folder))
            return;
        // What a user asked for is nobody else's business.
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(Folder);
        else
            Directory.CreateDirectory(
                Folder,
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            );
    }

    private void Trim()
    {
        var files = Entries();
        long bytes = files.Sum(file => file.Length);
        if (bytes <= MostBytes)
            return;
        // A tenth more, so that the next prompts find room.
        long goal = MostBytes / 10 * 9;
        foreach (var file in files.OrderBy(file => file.LastWriteTimeUtc))
        {
            if (bytes <= goal)
                break;
            bytes -= file.Length;
            file.Delete();
        }
        AtomicFile.RemoveLeftovers(Folder, withFoldersBelow: false);
    }

    private List<FileInfo> Entries() =>
        Directory.Exists(Folder)
            ?
            [
                .. new DirectoryInfo(Folder)
                    .EnumerateFiles("*" + Ending)
                    // Another process may have removed it since it was listed.
                    .Where(file => file.Exists),
            ]
            : [];

    private string PathOf(byte[] hash) => Path.Combine(Folder, Convert.ToHexStringLower(hash) + Ending);
}
