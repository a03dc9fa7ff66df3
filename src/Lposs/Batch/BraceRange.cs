using System.Globalization;
using System.Text.RegularExpressions;

namespace Lposs.Batch;

/// <summary>Names with numbers from one to another, as shells and WebDataset write them: "shard-{000..012}.tar".</summary>
internal static partial class BraceRange
{
    private const int MostNames = 1_000_000;

    /// <summary>The names; the name itself where it holds no range. Several ranges give every combination, the last counting fastest.</summary>
    /// <exception cref="BatchException">A range counts down, or the names are too many.</exception>
    public static IEnumerable<string> Expand(string name) => Expand(name, MostNames);

    private static IEnumerable<string> Expand(string name, long most)
    {
        var match = Range().Match(name);
        if (!match.Success)
            return [name];
        string firstText = match.Groups["first"].Value;
        long first = long.Parse(firstText, CultureInfo.InvariantCulture);
        long last = long.Parse(match.Groups["last"].Value, CultureInfo.InvariantCulture);
        if (last < first)
            throw new BatchException($"'{match.Value}' counts from {first} to {last}; a range counts upwards");
        long count = last - first + 1;
        if (count > most)
            throw new BatchException($"'{name}' names more than {MostNames} files");
        string before = name[..match.Index];
        string[] ends = [.. Expand(name[(match.Index + match.Length)..], most / count)];
        return Enumerable.Range(0, (int)count).SelectMany(i =>
        {
            string number = (first + i).ToString(CultureInfo.InvariantCulture).PadLeft(firstText.Length, '0');
            return ends.Select(end => before + number + end);
        });
    }

    [GeneratedRegex(@"\{(?<first>[0-9]{1,12})\.\.(?<last>[0-9]{1,12})\}")]
    private static partial Regex Range();
}
