using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

namespace Lposs.Tools.Import.Weights;

/// <summary>
/// A safetensors file: eight bytes with the header's length, the header, and the tensors' numbers, little-endian. Of
/// the numbers only those that are asked for are mapped into memory, and only while they are read. Any number of
/// threads may read; dispose it when none of them does any more.
/// </summary>
internal sealed class SafetensorsFile : IDisposable
{
    private const int LengthBytes = 8;
    private const string Archive =
        " but a PyTorch archive; save it as safetensors, or get the file that its publisher offers as such";

    private readonly MemoryMappedFile _map;
    private readonly SafetensorsHeader _header;

    /// <summary>Opens a file and checks its header.</summary>
    /// <exception cref="LpossException">It cannot be opened, or its header does not add up; the message says
    /// where.</exception>
    public SafetensorsFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Path = path;
        if (Directory.Exists(path))
            throw Error("is a folder; name the safetensors file, or the index of its parts.");
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            _header = ReadHeader(file);
            _map = MemoryMappedFile.CreateFromFile(
                file,
                null,
                0,
                MemoryMappedFileAccess.Read,
                HandleInheritability.None,
                leaveOpen: true
            );
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new LpossException(LpossErrorCode.InvalidWeights, $"{path} does not exist.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LpossException(LpossErrorCode.InvalidWeights, $"{path} cannot be read: {error.Message}", error);
        }
    }

    /// <summary>The file, as it was named.</summary>
    public string Path { get; }

    /// <summary>What the file says of itself: names and texts.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    /// <summary>The tensors by their names.</summary>
    public IReadOnlyDictionary<string, TensorEntry> Tensors => _header.Tensors;

    /// <summary>The numbers of a tensor of type F32, F16 or BF16, each of which float32 holds exactly.</summary>
    /// <param name="tensor">One of <see cref="Tensors"/>.</param>
    /// <exception cref="LpossException">It has another type, or is larger than an array can be.</exception>
    public float[] ReadFloats(TensorEntry tensor) => ReadFloats(tensor, 0, CountFloats(tensor));

    /// <inheritdoc/>
    public void Dispose() => _map.Dispose();

    /// <summary>How many numbers a tensor has.</summary>
    /// <exception cref="LpossException">They are not F32, F16 or BF16, or more than an array can hold.</exception>
    internal int CountFloats(TensorEntry tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        int elementBytes = ElementBytes(tensor);
        if (elementBytes == 0)
            throw Error($"has tensor '{tensor.Name}' in {tensor.Type}; weights are read in F32, F16 or BF16.");
        if (tensor.Bytes > int.MaxValue)
            throw Error(
                $"has tensor '{tensor.Name}' with {tensor.Bytes} bytes; at most {int.MaxValue} are read at once."
            );
        return (int)(tensor.Bytes / elementBytes);
    }

    /// <summary>Some of the numbers of a tensor.</summary>
    /// <param name="tensor">One of <see cref="Tensors"/>, of a type that is read.</param>
    /// <param name="first">The first number.</param>
    /// <param name="count">How many.</param>
    internal float[] ReadFloats(TensorEntry tensor, int first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)first + count, CountFloats(tensor));
        float[] values = new float[count];
        if (count > 0)
            Convert(tensor, first, values);
        return values;
    }

    private SafetensorsHeader ReadHeader(FileStream file)
    {
        if (file.Length < LengthBytes)
            throw Error($"has {file.Length} bytes; a safetensors file has more.");
        Span<byte> start = stackalloc byte[LengthBytes];
        file.ReadExactly(start);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(start);
        if (length > SafetensorsHeader.MostBytes || IsArchive(start))
            throw Error($"begins with no header length; it is no safetensors file{(IsArchive(start) ? Archive : "")}.");
        if ((long)length > file.Length - LengthBytes)
            throw Error($"has {file.Length} bytes, and its header alone {length}; it is cut short.");
        byte[] json = new byte[length];
        file.ReadExactly(json);
        long dataStart = LengthBytes + (long)length;
        return SafetensorsHeader.Read(json, dataStart, file.Length - dataStart, Error);
    }

    /// <summary>What people most often have instead, as a zip or as a pickle.</summary>
    private static bool IsArchive(ReadOnlySpan<byte> start) =>
        start.StartsWith("PK\u0003\u0004"u8) || start.StartsWith((ReadOnlySpan<byte>)[0x80, 0x02]);

    private static int ElementBytes(TensorEntry tensor) =>
        tensor.Type switch
        {
            "F32" => sizeof(float),
            "F16" or "BF16" => sizeof(ushort),
            _ => 0,
        };

    private unsafe void Convert(TensorEntry tensor, int first, Span<float> values)
    {
        long length = (long)values.Length * ElementBytes(tensor);
        using var view = _map.CreateViewAccessor(
            tensor.Offset + (long)first * ElementBytes(tensor),
            length,
            MemoryMappedFileAccess.Read
        );
        byte* start = null;
        var memory = view.SafeMemoryMappedViewHandle;
        memory.AcquirePointer(ref start);
        try
        {
            var bytes = new ReadOnlySpan<byte>(start + view.PointerOffset, (int)length);
            switch (tensor.Type)
            {
                case "F32":
                    bytes.CopyTo(MemoryMarshal.AsBytes(values));
                    break;
                case "F16":
                    for (int i = 0; i < values.Length; i++)
                        values[i] = (float)BinaryPrimitives.ReadHalfLittleEndian(bytes[(2 * i)..]);
                    break;
                default:
                    // The upper half of a float32.
                    for (int i = 0; i < values.Length; i++)
                        values[i] = BitConverter.Int32BitsToSingle(
                            BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..]) << 16
                        );
                    break;
            }
        }
        finally
        {
            memory.ReleasePointer();
        }
    }

    private LpossException Error(string sentence) => new(LpossErrorCode.InvalidWeights, $"{Path} {sentence}");
}
