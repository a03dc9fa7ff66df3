using System.Buffers.Binary;
using Lposs.Tests.Support;
using Xunit;

namespace Lposs.Tests;

public sealed class NpyFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_element_type_comes_back()
    {
        AssertComesBack<float>([1.5f, float.NaN, float.NegativeInfinity, float.MaxValue, -0f, 3]);
        AssertComesBack<double>([1.5, double.Epsilon, 3, 4, 5, 6]);
        AssertComesBack<Half>([(Half)1, Half.MaxValue, (Half)3, (Half)4, (Half)5, (Half)6]);
        AssertComesBack<byte>([0, 255, 2, 3, 4, 5]);
        AssertComesBack<ushort>([0, 65535, 2, 3, 4, 5]);
        AssertComesBack<int>([int.MinValue, int.MaxValue, 2, 3, 4, 5]);
        AssertComesBack<long>([long.MinValue, long.MaxValue, 2, 3, 4, 5]);
    }

    [Fact]
    public void The_written_bytes_are_those_of_numpy()
    {
        NpyFile.Write(_folder.At("a.npy"), new NdArray<float>([2, 1], [1, 2]));
        // numpy.save(..., numpy.array([[1], [2]], numpy.float32))
        byte[] expected =
        [
            0x93,
            .. "NUMPY"u8,
            1,
            0,
            118,
            0,
            .. "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }"u8,
            .. "                                                          \n"u8,
            0,
            0,
            0x80,
            0x3F,
            0,
            0,
            0,
            0x40,
        ];
        Assert.Equal(expected, File.ReadAllBytes(_folder.At("a.npy")));
    }

    [Fact]
    public void Shapes_of_any_rank_come_back()
    {
        foreach (
            int[] shape in (int[][])
                [
                    [],
                    [4],
                    [0],
                    [0, 3],
                    [2, 0, 3],
                    [1, 2, 3, 4],
                    [1, 1, 1, 1, 1, 1],
                ]
        )
        {
            int count = shape.Aggregate(1, (product, size) => product * size);
            NpyFile.Write(_folder.At("a.npy"), new NdArray<float>(shape, new float[count]));
            Assert.Equal(shape, NpyFile.Read<float>(_folder.At("a.npy")).Shape.ToArray());
            Assert.Equal(
                0,
                BinaryPrimitives.ReadUInt16LittleEndian(File.ReadAllBytes(_folder.At("a.npy")).AsSpan(8)) % 64 - 54
            );
        }
    }

    [Fact]
    public void A_large_array_is_written_and_read_in_blocks()
    {
        float[] data = new float[(1 << 20) + 3];
        for (int i = 0; i < data.Length; i++)
            data[i] = i;
        NpyFile.Write(_folder.At("a.npy"), [data.Length], data);
        Assert.Equal(data, NpyFile.Read<float>(_folder.At("a.npy")).Data.ToArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void All_three_versions_of_the_format_are_read(int version)
    {
        string path = Save("{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }\n", [7, 8], version);
        Assert.Equal([7, 8], NpyFile.Read<byte>(path).Data.ToArray());
    }

    [Theory]
    [InlineData("{'descr':'<u1','fortran_order':False,'shape':(2,)}")]
    [InlineData("{\"shape\": (2,), \"fortran_order\": False, \"descr\": \"|u1\"}")]
    [InlineData("{'descr': '|u1', 'fortran_order': True, 'shape': (2,), }")]
    [InlineData("  { 'descr' : '|u1' , 'fortran_order' : False , 'shape' : ( 2 , ) , }   \n")]
    public void Headers_of_other_writers_are_read(string header) =>
        Assert.Equal([7, 8], NpyFile.Read<byte>(Save(header, [7, 8])).Data.ToArray());

    [Fact]
    public void Floating_point_numbers_are_read_as_float32_on_request()
    {
        NpyFile.Write(_folder.At("a.npy"), new NdArray<double>([3], [1.5, double.PositiveInfinity, double.NaN]));
        Assert.Equal([1.5f, float.PositiveInfinity, float.NaN], NpyFile.ReadSingle(_folder.At("a.npy")).Data.ToArray());
        NpyFile.Write(_folder.At("a.npy"), new NdArray<Half>([1, 1], [(Half)0.25]));
        Assert.Equal([0.25f], NpyFile.ReadSingle(_folder.At("a.npy")).Data.ToArray());
        NpyFile.Write(_folder.At("a.npy"), new NdArray<double>([1], [1e300]));
        Assert.EndsWith(
            "it holds 1E+300, which is beyond float32",
            Refusal(() => NpyFile.ReadSingle(_folder.At("a.npy"))),
            StringComparison.Ordinal
        );
        NpyFile.Write(_folder.At("a.npy"), new NdArray<int>([1], [1]));
        Assert.EndsWith(
            "it holds int32; float32, float64 or float16 is needed",
            Refusal(() => NpyFile.ReadSingle(_folder.At("a.npy"))),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Integers_are_read_as_int32_on_request()
    {
        NpyFile.Write(_folder.At("a.npy"), new NdArray<long>([2], [-5, int.MaxValue]));
        Assert.Equal([-5, int.MaxValue], NpyFile.ReadInt32(_folder.At("a.npy")).Data.ToArray());
        NpyFile.Write(_folder.At("a.npy"), new NdArray<ushort>([1], [65535]));
        Assert.Equal([65535], NpyFile.ReadInt32(_folder.At("a.npy")).Data.ToArray());
        NpyFile.Write(_folder.At("a.npy"), new NdArray<long>([1], [1L << 31]));
        Assert.EndsWith(
            "it holds 2147483648, which is beyond int32",
            Refusal(() => NpyFile.ReadInt32(_folder.At("a.npy"))),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Another_element_type_is_refused_by_name()
    {
        NpyFile.Write(_folder.At("a.npy"), new NdArray<double>([1], [1]));
        Assert.Equal(
            $"cannot read '{_folder.At("a.npy")}': it holds float64; float32 is needed",
            Refusal(() => NpyFile.Read<float>(_folder.At("a.npy")))
        );
        Assert.Throws<NotSupportedException>(() => NpyFile.Read<decimal>(_folder.At("a.npy")));
    }

    [Theory]
    [InlineData("{'descr': '<f4', 'fortran_order': True, 'shape': (1, 1), }", "it is in Fortran order")]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", "it holds Python objects")]
    [InlineData(
        "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }",
        "it holds a structured element type"
    )]
    [InlineData(
        "{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }",
        "it holds the big-endian element type '>f4'"
    )]
    [InlineData("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }", "it holds the element type '<c8'")]
    [InlineData(
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }",
        "the file ends early: its shape (2,) needs 8 bytes of data, and 4 are there"
    )]
    [InlineData(
        "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 2), }",
        "its shape (0, 2) needs 0 bytes of data, but 4 are there"
    )]
    [InlineData(
        "{'descr': '<f4', 'fortran_order': False, 'shape': (65536, 65536), }",
        "its shape (65536, 65536) has more than"
    )]
    [InlineData(
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2147483647, 2147483647, 0), }",
        "its shape (2147483647, 2147483647, 0) has more than"
    )]
    [InlineData(
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2147483648,), }",
        "its header has a size beyond 2147483647"
    )]
    [InlineData(
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }",
        "its header has a shape that is not a tuple of sizes"
    )]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': 1, }", "its header is not a Python dictionary")]
    [InlineData(
        "{'descr': '<f4', 'fortran_order': 0, 'shape': (1,), }",
        "its header has a 'fortran_order' that is neither True nor False"
    )]
    [InlineData("{'descr': '<f4', 'shape': (1,), }", "its header does not name 'fortran_order'")]
    [InlineData("{'descr': '<f4', 'fortran_order': False}", "its header does not name 'shape'")]
    [InlineData("{'shape': (1,), 'fortran_order': False}", "its header does not name 'descr'")]
    [InlineData(
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'x': 1}",
        "its header has the unknown key 'x'"
    )]
    [InlineData(
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), } 1",
        "its header goes on after its dictionary"
    )]
    [InlineData("{'descr': '<f4", "its header has a text without an end")]
    [InlineData("{", "its header is not a Python dictionary")]
    [InlineData("", "its header is not a Python dictionary")]
    public void Headers_that_cannot_be_served_are_refused_with_a_reason(string header, string reason)
    {
        string path = Save(header, new byte[4]);
        Assert.StartsWith(
            $"cannot read '{path}': {reason}",
            Refusal(() => NpyFile.Read<float>(path)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_header_that_claims_four_gigabytes_is_refused()
    {
        string path = _folder.Save("a.npy", [0x93, .. "NUMPY"u8, 2, 0, 255, 255, 255, 255, 1]);
        Assert.Contains(
            "its header claims 4294967295 bytes",
            Refusal(() => NpyFile.Read<float>(path)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Every_cut_of_a_file_is_refused()
    {
        NpyFile.Write(_folder.At("whole.npy"), new NdArray<float>([2], [1, 2]));
        byte[] whole = File.ReadAllBytes(_folder.At("whole.npy"));
        for (int length = 0; length < whole.Length; length++)
        {
            string path = _folder.Save("a.npy", whole[..length]);
            string refusal = Refusal(() => NpyFile.Read<float>(path));
            Assert.Contains(length == 0 ? "empty" : "ends early", refusal, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Other_files_are_refused()
    {
        string path = _folder.Save("a.npy", "1 2 3 4 5 6 7 8 9"u8.ToArray());
        Assert.Equal($"cannot read '{path}': it is not a .npy file", Refusal(() => NpyFile.Read<float>(path)));
        Assert.EndsWith(
            "there is no such file",
            Refusal(() => NpyFile.Read<float>(_folder.At("none"))),
            StringComparison.Ordinal
        );
        Assert.EndsWith(
            "it is a folder, not a file",
            Refusal(() => NpyFile.Read<float>(_folder.Root)),
            StringComparison.Ordinal
        );
        string future = _folder.Save("b.npy", [0x93, .. "NUMPY"u8, 4, 0, 0, 0, 0, 0]);
        Assert.EndsWith(
            "its .npy format is 4.0; 1.0, 2.0 and 3.0 can be read",
            Refusal(() => NpyFile.Read<float>(future)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void An_array_needs_as_many_elements_as_its_shape_says()
    {
        Assert.Throws<ArgumentException>(() => new NdArray<float>([2, 2], new float[3]));
        Assert.Throws<ArgumentException>(() => new NdArray<float>([-1], []));
        Assert.Throws<ArgumentException>(() => new NdArray<float>([65536, 65536], []));
        Assert.Throws<ArgumentException>(() => NpyFile.Write<float>(_folder.At("a.npy"), [2], [1]));
        Assert.Equal(1, new NdArray<float>([], [1]).Length);
    }

    private void AssertComesBack<T>(T[] data)
        where T : unmanaged
    {
        string path = _folder.At("a.npy");
        NpyFile.Write(path, new NdArray<T>([2, 3], data));
        NdArray<T> read = NpyFile.Read<T>(path);
        Assert.Equal([2, 3], read.Shape.ToArray());
        Assert.Equal(data, read.Data.ToArray());
    }

    private string Save(string header, byte[] data, int version = 1)
    {
        byte[] text = System.Text.Encoding.Latin1.GetBytes(header);
        byte[] length = new byte[version == 1 ? 2 : 4];
        if (version == 1)
            BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)text.Length);
        else
            BinaryPrimitives.WriteInt32LittleEndian(length, text.Length);
        return _folder.Save("a.npy", [0x93, .. "NUMPY"u8, (byte)version, 0, .. length, .. text, .. data]);
    }

    private static string Refusal(Action read) => Failing.With(LpossErrorCode.InvalidArray, read).Message;
}
