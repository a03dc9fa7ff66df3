using System.Globalization;

namespace Lposs;

/// <summary>
/// The header of a .npy file: a Python dictionary with the keys descr, fortran_order and shape, such as
/// <c>{'descr': '&lt;f4', 'fortran_order': False, 'shape': (2, 3), }</c>. Only what numpy.lib.format can write is
/// understood.
/// </summary>
internal sealed class NpyHeader
{
    private string? _descr;
    private bool? _fortranOrder;
    private int[]? _shape;

    /// <summary>NumPy's code of the element type; a list's text for a structured one.</summary>
    public string Descr => _descr!;

    /// <summary>Whether the first index runs fastest.</summary>
    public bool FortranOrder => _fortranOrder!.Value;

    /// <summary>The size of each dimension.</summary>
    public int[] Shape => _shape!;

    /// <summary>Reads a header.</summary>
    /// <exception cref="FormatException">It is none; the message says why, to follow "the header ".</exception>
    public static NpyHeader Parse(string text)
    {
        Cursor at = new(text.AsSpan().TrimEnd());
        NpyHeader header = new();
        at.Expect('{');
        while (!at.TryTake('}'))
        {
            string key = at.TakeString();
            at.Expect(':');
            switch (key)
            {
                case "descr":
                    header._descr = at.Peek() == '[' ? at.TakeRest("list") : at.TakeString();
                    break;
                case "fortran_order":
                    header._fortranOrder = at.TakeBoolean();
                    break;
                case "shape":
                    header._shape = at.TakeTuple();
                    break;
                default:
                    throw new FormatException($"has the unknown key '{key}'");
            }
            // A structured element type is refused by the caller, so what follows its list does not matter.
            if (header._descr is ['[', ..])
            {
                header._fortranOrder ??= false;
                header._shape ??= [];
                return header;
            }
            if (!at.TryTake(',') && at.Peek() != '}')
                throw new FormatException("is not a Python dictionary");
        }
        if (!at.AtEnd)
            throw new FormatException("goes on after its dictionary");
        if (header._descr == null)
            throw new FormatException("does not name 'descr'");
        if (header._fortranOrder == null)
            throw new FormatException("does not name 'fortran_order'");
        if (header._shape == null)
            throw new FormatException("does not name 'shape'");
        return header;
    }

    /// <summary>A place in the text; every method skips blanks first.</summary>
    private ref struct Cursor(ReadOnlySpan<char> text)
    {
        private ReadOnlySpan<char> _rest = text;

        public readonly bool AtEnd => _rest.TrimStart().IsEmpty;

        public char Peek()
        {
            _rest = _rest.TrimStart();
            return _rest.IsEmpty ? '\0' : _rest[0];
        }

        public bool TryTake(char wanted)
        {
            if (Peek() != wanted)
                return false;
            _rest = _rest[1..];
            return true;
        }

        public void Expect(char wanted)
        {
            if (!TryTake(wanted))
                throw new FormatException("is not a Python dictionary");
        }

        public string TakeString()
        {
            char quote = Peek();
            if (quote is not ('\'' or '"'))
                throw new FormatException("is not a Python dictionary");
            int end = _rest[1..].IndexOf(quote);
            if (end < 0)
                throw new FormatException("has a text without an end");
            string taken = _rest.Slice(1, end).ToString();
            _rest = _rest[(end + 2)..];
            return taken;
        }

        public string TakeRest(string what)
        {
            if (_rest.IsEmpty)
                throw new FormatException($"lacks a {what}");
            string taken = _rest.ToString();
            _rest = [];
            return taken;
        }

        public bool TakeBoolean()
        {
            Peek();
            foreach ((string word, bool value) in (ReadOnlySpan<(string, bool)>)[("True", true), ("False", false)])
                if (_rest.StartsWith(word))
                {
                    _rest = _rest[word.Length..];
                    return value;
                }
            throw new FormatException("has a 'fortran_order' that is neither True nor False");
        }

        public int[] TakeTuple()
        {
            const int MaximumRank = 64; // NumPy's own
            List<int> sizes = [];
            Expect('(');
            while (!TryTake(')'))
            {
                sizes.Add(TakeSize());
                if (sizes.Count > MaximumRank)
                    throw new FormatException($"has a shape of more than {MaximumRank} dimensions");
                if (!TryTake(',') && Peek() != ')')
                    throw new FormatException("has a shape that is not a tuple");
            }
            return [.. sizes];
        }

        private int TakeSize()
        {
            Peek();
            int digits = _rest.IndexOfAnyExceptInRange('0', '9');
            if (digits < 0)
                digits = _rest.Length;
            if (digits == 0)
                throw new FormatException("has a shape that is not a tuple of sizes");
            if (!int.TryParse(_rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out int size))
                throw new FormatException($"has a size beyond {int.MaxValue} in its shape");
            _rest = _rest[digits..];
            return size;
        }
    }
}
