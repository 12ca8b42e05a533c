/**
 * Passwords that guessers try first, in lower case. Some three hundred, all of ten characters or more,
 * because shorter ones are refused anyway; rows of keys and repetitions are found by rule instead.
 */
export const COMMON_PASSWORDS: ReadonlySet<string> = new Set(
  `
  0987654321 1029384756 1111122222 1122334455 1212121212 123123123123 1234512345 12345678900 123456789a
  123456789abc 123456789q 1234567891 12345678910 1234567890a 1234567890q 1234567890qwerty 123456abcdef
  123456qwerty 123654789a 12qwaszx12 1478523690 147258369a 1password1 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx3edc
  1qazxsw23edc 3.1415926535 9876543210 a123456789 a1234567890 a1b2c3d4e5 aa12345678 aa123456789 abc1234567
  abc12345678 abc123456789 abcd123456 abcd1234567 abcd12345678 abcde12345 abcdef123456 access1234
  admin12345 admin123456 admin1234567 admin12345678 admin@1234 admin@12345 admin@123456 administrator
  administrator1 adminadmin adminadmin1 alexander1 alexandria amsterdam1 asdf123456 asdfasdfasdf asdfghjkl1
  asdfghjkl123 asdfghjkl; australia1 azerty12345 azerty123456 azertyuiop basketball basketball1 basketball12
  bismillah1 blackberry blackberry1 bubblegum1 butterfly1 butterfly12 california california1 capricorn1
  carolina12 changeme12 changeme123 changeme1234 changemenow changethis charlotte1 cheerleader chelsea123
  chocolate1 chocolate12 chocolate123 christian1 christina1 christmas1 christopher cinderella computer12
  computer123 computer1234 confidential coolcoolcool correcthorsebatterystaple countryboy cowboys123
  december12 default123 default1234 dragon1234 dragon12345 elephant12 elizabeth1 enterprise evanescence
  everything excalibur1 facebook12 facebook123 football10 football12 football123 football1234 forever123
  fuckyou123 fuckyou1234 gfhjkm1234 goldfish123 goodmorning hello12345 hello123456 hellohello helloworld
  helloworld1 iloveyou12 iloveyou123 iloveyou1234 iloveyou22 ilovemyself iloveyouso infinity12 internet12
  internet123 jennifer12 jessica123 jordan1234 juventus12 killer1234 letmein123 letmein1234 letmeinnow
  letmeinplease liverpool1 liverpool12 liverpool123 login12345 loveyou123 lovelove12 manchester
  manchester1 margarita1 master1234 master12345 master123456 metallica1 microsoft1 michael123 midnight12
  millionaire minecraft1 minecraft123 monkey1234 monkey12345 motherfucker mustang123 mypassword mypassword1
  nopassword nothing123 november11 p@ssw0rd12 p@ssw0rd123 p@ssw0rd1234 p@ssword12 p@ssword123 pa$$w0rd12
  pa$$word12 pa55word12 passion123 passw0rd12 passw0rd123 passw0rd1234 password00 password01 password10
  password11 password12 password123 password1234 password12345 password123456 password123! password1!
  password12! password2024 password2025 password2026 password22 password99 password@1 password@12
  password@123 passwordpassword passwort12 passwort123 pineapple1 playstation playstation2 playstation3
  pokemon123 portugal12 princess10 princess12 princess123 princess1234 qazwsx1234 qazwsx123456 qazwsxedcrfv
  qwe123456789 qweasdzxc1 qweasdzxc123 qwer123456 qwerasdfzxcv qwerty1234 qwerty12345 qwerty123456
  qwerty1234567 qwertyqwerty qwertyuiop1 qwertyuiop12 qwertyuiop123 raspberry1 realmadrid realmadrid1
  rockstar12 root123456 rootroot12 samsung123 secret1234 secret12345 september1 shadow1234 skateboard
  snickers12 snowboard1 something1 spiderman1 spongebob1 starwars12 starwars123 strawberry strawberry1
  sunflower1 sunshine12 sunshine123 sunshine1234 superman12 superman123 superman1234 superstar1 sweetheart
  sweetheart1 temp123456 teddybear1 test123456 test1234567 test12345678 testtest12 testtest123 thanatos12
  thunder123 tottenham1 trustno1234 undertaker university unbelievable user123456 volleyball volleyball1
  washington welcome123 welcome1234 welcome12345 welcome@123 welcome2024 welcome2025 welcome2026 whatever12
  whatever123 wonderland zaq12wsxcde3 zaq1xsw2cde3 zxcvbnm123 zxcvbnm1234 zxcvbnm12345 zxcvbnmasdfghjkl
  `
    .trim()
    .split(/\s+/),
)
