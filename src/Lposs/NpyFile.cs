using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Lposs.Files;

namespace Lposs;

/// <summary>
/// Arrays as .npy files of NumPy (format 1.0, 2.0 and 3.0): row-major, little-endian, of float32, float64, float16,
/// uint8,
/// uint16, int32 or int64.
/// </summary>
public static class NpyFile
{
    private const int MaximumHeader = 1 << 20;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads an array whose elements have exactly the type <typeparamref name="T"/>.</summary>
    /// <typeparam name="T">float, double, Half, byte, ushort, int or long.</typeparam>
    /// <param name="path">The file.</param>
    /// <returns>The array, with the shape that the file names.</returns>
    /// <exception cref="LpossException">The file cannot be read, or holds another type.</exception>
    public static NdArray<T> Read<T>(string path)
        where T : unmanaged
    {
        NpyElement wanted = NpyElement.Of<T>();
        using FileStream file = Open(path);
        (NpyElement element, int[] shape) = ReadHeader(file, path);
        if (element != wanted)
            throw Refused(path, $"it holds {element.Name}; {wanted.Name} is needed");
        return ReadData<T>(file, path, shape);
    }

    /// <summary>Reads an array of float32, float64 or float16 as float32. Infinity and NaN are kept.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The array, with the shape that the file names.</returns>
    /// <exception cref="LpossException">The file cannot be read, holds another type, or a finite float64 that is beyond
    /// float32.</exception>
    public static NdArray<float> ReadSingle(string path)
    {
        using FileStream file = Open(path);
        (NpyElement element, int[] shape) = ReadHeader(file, path);
        if (element.Type == typeof(float))
            return ReadData<float>(file, path, shape);
        if (element.Type == typeof(Half))
            return Convert<Half, float>(ReadData<Half>(file, path, shape), value => (float)value);
        if (element.Type != typeof(double))
            throw Refused(path, $"it holds {element.Name}; float32, float64 or float16 is needed");
        return Convert<double, float>(
            ReadData<double>(file, path, shape),
            value =>
            {
                float narrowed = (float)value;
                return float.IsInfinity(narrowed) && double.IsFinite(value)
                    ? throw Refused(path, $"it holds {value:R}, which is beyond float32")
                    : narrowed;
            }
        );
    }

    /// <summary>Reads an array of uint8, uint16, int32 or int64 as int32.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The array, with the shape that the file names.</returns>
    /// <exception cref="LpossException">The file cannot be read, holds another type, or a number beyond
    /// int32.</exception>
    public static NdArray<int> ReadInt32(string path)
    {
        using FileStream file = Open(path);
        (NpyElement element, int[] shape) = ReadHeader(file, path);
        if (element.Type == typeof(int))
            return ReadData<int>(file, path, shape);
        if (element.Type == typeof(byte))
            return Convert<byte, int>(ReadData<byte>(file, path, shape), value => value);
        if (element.Type == typeof(ushort))
            return Convert<ushort, int>(ReadData<ushort>(file, path, shape), value => value);
        if (element.Type != typeof(long))
            throw Refused(path, $"it holds {element.Name}; uint8, uint16, int32 or int64 is needed");
        return Convert<long, int>(
            ReadData<long>(file, path, shape),
            value =>
                value is >= int.MinValue and <= int.MaxValue
                    ? (int)value
                    : throw Refused(path, $"it holds {value}, which is beyond int32")
        );
    }

    /// <summary>Writes an array as .npy, format 1.0; the file appears whole or not at all.</summary>
    /// <typeparam name="T">float, double, Half, byte, ushort, int or long.</typeparam>
    /// <param name="path">Where the file is to appear; replaced if it is there.</param>
    /// <param name="array">The array.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write<T>(string path, NdArray<T> array)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(array);
        Write<T>(path, array.Shape, array.Span);
    }

    /// <summary>Writes elements as .npy without copying them; the file appears whole or not at all.</summary>
    /// <typeparam name="T">float, double, Half, byte, ushort, int or long.</typeparam>
    /// <param name="path">Where the file is to appear; replaced if it is there.</param>
    /// <param name="shape">The size of each dimension.</param>
    /// <param name="data">The elements, row-major, as many as the product of <paramref name="shape"/>.</param>
    /// <exception cref="ArgumentException">The data has another length.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static unsafe void Write<T>(string path, ReadOnlySpan<int> shape, ReadOnlySpan<T> data)
        where T : unmanaged
    {
        byte[] header = CheckedHeader(shape, data);
        int count = data.Length;
        fixed (T* pinned = data)
        {
            T* first = pinned;
            AtomicFile.Write(
                path,
                stream =>
                {
                    stream.Write(header);
                    ForEachBlock(new Span<T>(first, count), block => stream.Write(block));
                }
            );
        }
    }

    /// <summary>Writes elements as .npy to a stream, which stays open.</summary>
    /// <typeparam name="T">float, double, Half, byte, ushort, int or long.</typeparam>
    /// <param name="stream">Where to.</param>
    /// <param name="shape">The size of each dimension.</param>
    /// <param name="data">The elements, row-major, as many as the product of <paramref name="shape"/>.</param>
    /// <exception cref="ArgumentException">The data has another length.</exception>
    public static void Write<T>(Stream stream, ReadOnlySpan<int> shape, Span<T> data)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(stream);
        stream.Write(CheckedHeader<T>(shape, data));
        ForEachBlock(data, block => stream.Write(block));
    }

    private static byte[] CheckedHeader<T>(ReadOnlySpan<int> shape, ReadOnlySpan<T> data)
        where T : unmanaged =>
        ShapeSize.Of(shape) == data.Length
            ? BuildHeader(NpyElement.Of<T>(), shape)
            : throw new ArgumentException(
                $"data holds {data.Length} elements, which is not what the shape {ShapeSize.Text(shape)} has.",
                nameof(data)
            );

    private static byte[] BuildHeader(NpyElement element, ReadOnlySpan<int> shape)
    {
        // Magic, version and length take 10 bytes; NumPy pads with blanks so that the data begins at a multiple of 64.
        string dictionary =
            $"{{'descr': '{element.Descr}', 'fortran_order': False, 'shape': {ShapeSize.Text(shape)}, }}";
        int padded = (10 + dictionary.Length + 1 + 63) / 64 * 64;
        byte[] header = new byte[padded];
        header.AsSpan().Fill((byte)' ');
        Magic.CopyTo(header);
        (header[6], header[7]) = (1, 0);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), checked((ushort)(padded - 10)));
        System.Text.Encoding.ASCII.GetBytes(dictionary, header.AsSpan(10));
        header[^1] = (byte)'\n';
        return header;
    }

    private static FileStream Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
            throw Refused(path, "it is a folder, not a file");
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Refused(path, "there is no such file", error);
        }
        catch (UnauthorizedAccessException error)
        {
            throw Refused(path, "permission denied", error);
        }
    }

    private static (NpyElement Element, int[] Shape) ReadHeader(FileStream file, string path)
    {
        Span<byte> start = stackalloc byte[12];
        int count = file.ReadAtLeast(start[..10], 10, throwOnEndOfStream: false);
        if (count == 0)
            throw Refused(path, "the file is empty");
        if (!start[..count].StartsWith(Magic[..Math.Min(count, Magic.Length)]))
            throw Refused(path, "it is not a .npy file");
        if (count < 10)
            throw Refused(path, "the file ends early, within its header");
        int version = start[6];
        if (version is not (1 or 2 or 3) || start[7] != 0)
            throw Refused(path, $"its .npy format is {start[6]}.{start[7]}; 1.0, 2.0 and 3.0 can be read");
        uint length = BinaryPrimitives.ReadUInt16LittleEndian(start[8..]);
        if (version > 1)
        {
            if (file.ReadAtLeast(start[10..], 2, throwOnEndOfStream: false) < 2)
                throw Refused(path, "the file ends early, within its header");
            length = BinaryPrimitives.ReadUInt32LittleEndian(start[8..]);
        }
        if (length > MaximumHeader)
            throw Refused(path, $"its header claims {length} bytes; {MaximumHeader} are the most");
        byte[] text = new byte[length];
        if (file.ReadAtLeast(text, text.Length, throwOnEndOfStream: false) < text.Length)
            throw Refused(path, "the file ends early, within its header");
        return Interpret(
            path,
            (version == 3 ? System.Text.Encoding.UTF8 : System.Text.Encoding.Latin1).GetString(text)
        );
    }

    private static (NpyElement Element, int[] Shape) Interpret(string path, string text)
    {
        NpyHeader header;
        try
        {
            header = NpyHeader.Parse(text);
        }
        catch (FormatException error)
        {
            throw Refused(path, $"its header {error.Message}", error);
        }
        NpyElement element = ElementOf(path, header.Descr);
        // One dimension is the same in both orders.
        if (header.FortranOrder && header.Shape.Length > 1)
            throw Refused(path, "it is in Fortran order; save numpy.ascontiguousarray(array)");
        if (ShapeSize.Of(header.Shape) == null)
            throw Refused(path, $"its shape {ShapeSize.Text(header.Shape)} has more than {Array.MaxLength} elements");
        return (element, header.Shape);
    }

    private static NpyElement ElementOf(string path, string descr)
    {
        string code = descr is ['<' or '|', ..] ? descr[1..] : descr;
        foreach (NpyElement element in NpyElement.All)
            if (element.Descr[1..] == code)
                return element;
        string what = descr switch
        {
            ['[', ..] => "a structured element type",
            ['>', ..] => $"the big-endian element type '{descr}'",
            ['|', 'O', ..] or ['O', ..] => "Python objects",
            _ => $"the element type '{descr}'",
        };
        throw Refused(path, $"it holds {what}; little-endian f4, f8, f2, u1, u2, i4 and i8 can be read");
    }

    private static NdArray<T> ReadData<T>(FileStream file, string path, int[] shape)
        where T : unmanaged
    {
        int count = ShapeSize.Of(shape)!.Value;
        long needed = (long)count * NpyElement.Of<T>().Size;
        long present = file.Length - file.Position;
        if (present != needed)
            throw Refused(
                path,
                present < needed
                    ? $"the file ends early: its shape {ShapeSize.Text(shape)} needs {needed} bytes of data, and "
                        + $"{present} are there"
                    : $"its shape {ShapeSize.Text(shape)} needs {needed} bytes of data, but {present} are there"
            );
        T[] data = GC.AllocateUninitializedArray<T>(count);
        ForEachBlock<T>(data, file.ReadExactly);
        return new NdArray<T>(shape, data);
    }

    private static NdArray<TTo> Convert<TFrom, TTo>(NdArray<TFrom> source, Func<TFrom, TTo> convert)
        where TFrom : unmanaged
        where TTo : unmanaged
    {
        TTo[] converted = GC.AllocateUninitializedArray<TTo>(source.Length);
        Span<TFrom> values = source.Span;
        for (int i = 0; i < converted.Length; i++)
            converted[i] = convert(values[i]);
        return new NdArray<TTo>(source.Shape, converted);
    }

    private delegate void UseBytes(Span<byte> bytes);

    // A span counts bytes in 31 bits, so large arrays go in blocks.
    private static void ForEachBlock<T>(Span<T> data, UseBytes use)
        where T : unmanaged
    {
        const int Block = 1 << 20;
        for (int at = 0; at < data.Length; at += Block)
            use(MemoryMarshal.AsBytes(data.Slice(at, Math.Min(Block, data.Length - at))));
    }

    private static LpossException Refused(string path, string why, Exception? inner = null) =>
        new(LpossErrorCode.InvalidArray, $"cannot read '{path}': {why}", inner);
}
