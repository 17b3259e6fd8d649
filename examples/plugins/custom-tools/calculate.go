package main

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kadirpekel/hector/plugins/grpc"
)

type calculation struct {
	Expression string `json:"expression"`
}

func calculator() grpc.Tool {
	return function[calculation]{
		info: pure("calculate",
			"Evaluates an expression: + - * / % ^, parentheses, pi, e, and the functions "+
				"sqrt abs round floor ceil ln log sin cos tan min max.",
			`{"type": "object", "properties": {"expression": {"type": "string",
			"description": "such as (2 + 3) * sqrt(16)"}}, "required": ["expression"],
			"additionalProperties": false}`),
		run: func(c calculation) (string, map[string]interface{}, error) {
			value, err := evaluate(c.Expression)
			if err != nil {
				return "", nil, err
			}
			return strconv.FormatFloat(value, 'g', -1, 64), nil, nil
		},
	}
}

func evaluate(expression string) (float64, error) {
	p := &parser{text: expression}
	value, err := p.sum()
	if err == nil && p.peek() != end {
		err = p.fail("expected an operator")
	}
	if err == nil && (math.IsNaN(value) || math.IsInf(value, 0)) {
		err = fmt.Errorf("'%s' has no value", expression)
	}
	return value, err
}

// A parser has one rule for each precedence of operators.
type parser struct {
	text  string
	at    int
	depth int
}

// The result of peek at the end of the text.
const end rune = -1

// peek returns the next character that is not a space.
func (p *parser) peek() rune {
	for p.at < len(p.text) {
		c, size := utf8.DecodeRuneInString(p.text[p.at:])
		if !unicode.IsSpace(c) {
			return c
		}
		p.at += size
	}
	return end
}

func (p *parser) fail(problem string) error {
	found := "the end"
	if p.peek() != end {
		found = "'" + p.text[p.at:] + "'"
	}
	return fmt.Errorf("%s at byte %d, but found %s", problem, p.at, found)
}

// sum = product { ("+" | "-") product }
func (p *parser) sum() (float64, error) {
	return p.chain("+-", p.product)
}

// product = sign { ("*" | "/" | "%") sign }
func (p *parser) product() (float64, error) {
	return p.chain("*/%", p.sign)
}

func (p *parser) chain(operators string, operand func() (float64, error)) (float64, error) {
	left, err := operand()
	for err == nil {
		operator := p.peek()
		if operator == end || !strings.ContainsRune(operators, operator) {
			return left, nil
		}
		p.at++
		var right float64
		right, err = operand()
		switch {
		case err != nil:
		case operator == '+':
			left += right
		case operator == '-':
			left -= right
		case operator == '*':
			left *= right
		case right == 0:
			err = fmt.Errorf("division by zero")
		case operator == '/':
			left /= right
		default:
			left = math.Mod(left, right)
		}
	}
	return 0, err
}

// sign = "-" sign | "+" sign | power, so that -2^2 is -4.
func (p *parser) sign() (float64, error) {
	// A model must not be able to fill the program's stack.
	if p.depth++; p.depth > 200 {
		return 0, fmt.Errorf("the expression is nested too deeply")
	}
	defer func() { p.depth-- }()
	switch p.peek() {
	case '-':
		p.at++
		value, err := p.sign()
		return -value, err
	case '+':
		p.at++
		return p.sign()
	}
	return p.power()
}

// power = value [ "^" sign ], so that 2^3^2 is 2^9.
func (p *parser) power() (float64, error) {
	base, err := p.value()
	if err != nil || p.peek() != '^' {
		return base, err
	}
	p.at++
	exponent, err := p.sign()
	return math.Pow(base, exponent), err
}

// value = number | "(" sum ")" | constant | function "(" sum { "," sum } ")"
func (p *parser) value() (float64, error) {
	switch c := p.peek(); {
	case c == '(':
		arguments, err := p.arguments(1)
		if err != nil {
			return 0, err
		}
		return arguments[0], nil
	case c >= '0' && c <= '9' || c == '.':
		return p.number()
	case unicode.IsLetter(c):
		return p.named()
	}
	return 0, p.fail("expected a number")
}

func (p *parser) number() (float64, error) {
	begin := p.at
	for p.at < len(p.text) {
		c := p.text[p.at]
		afterE := p.at > begin && (p.text[p.at-1] == 'e' || p.text[p.at-1] == 'E')
		switch {
		case c >= '0' && c <= '9', c == '.', c == 'e', c == 'E', (c == '+' || c == '-') && afterE:
			p.at++
			continue
		}
		break
	}
	value, err := strconv.ParseFloat(p.text[begin:p.at], 64)
	if err != nil {
		return 0, fmt.Errorf("'%s' is no number", p.text[begin:p.at])
	}
	return value, nil
}

var constants = map[string]float64{"pi": math.Pi, "e": math.E}

var functions = map[string]func(float64) float64{
	"sqrt": math.Sqrt, "abs": math.Abs, "round": math.Round, "floor": math.Floor,
	"ceil": math.Ceil, "ln": math.Log, "log": math.Log10, "sin": math.Sin, "cos": math.Cos,
	"tan": math.Tan,
}

var choices = map[string]func(float64, float64) float64{"min": math.Min, "max": math.Max}

func (p *parser) named() (float64, error) {
	begin := p.at
	for p.at < len(p.text) {
		c, size := utf8.DecodeRuneInString(p.text[p.at:])
		if !unicode.IsLetter(c) {
			break
		}
		p.at += size
	}
	name := p.text[begin:p.at]
	if value, ok := constants[name]; ok {
		return value, nil
	}
	if f, ok := functions[name]; ok {
		arguments, err := p.arguments(1)
		if err != nil {
			return 0, err
		}
		return f(arguments[0]), nil
	}
	if f, ok := choices[name]; ok {
		arguments, err := p.arguments(0)
		if err != nil {
			return 0, err
		}
		value := arguments[0]
		for _, argument := range arguments[1:] {
			value = f(value, argument)
		}
		return value, nil
	}
	return 0, fmt.Errorf("'%s' is neither a constant nor a function", name)
}

// count is the number of arguments, or 0 for one or more.
func (p *parser) arguments(count int) ([]float64, error) {
	if p.peek() != '(' {
		return nil, p.fail("expected '('")
	}
	var values []float64
	for {
		p.at++
		value, err := p.sum()
		if err != nil {
			return nil, err
		}
		values = append(values, value)
		switch next := p.peek(); {
		case next == ',' && count != len(values):
		case next == ')':
			p.at++
			return values, nil
		default:
			return nil, p.fail("expected ')'")
		}
	}
}
